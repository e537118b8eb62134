/** What the card says about the exported network: how to feed it, and how to read what comes out. */

import type { NeuralAgent } from '../policies/index.ts';
import { WEIGHTS_FILE } from './layers-graph.ts';
import { onnxValues } from './onnx-network.ts';

export const TENSORFLOW_FILE = 'model.json';
export const ONNX_FILE = 'model.onnx';

/** The network's part of the card. */
export function networkNotes({ shape, acts }: NeuralAgent): object {
  const { inputs, outputs } = onnxValues(shape);
  const meanings = meaningsOf(shape.verbs);
  const described = (values: typeof inputs) =>
    values.map(({ name, type, shape: lengths, meaning }) => ({
      name,
      type,
      shape: lengths,
      meaning: meanings[name] ?? meaning,
    }));
  return {
    inputs: described(inputs),
    outputs: described(outputs),
    formats: [
      {
        format: 'TensorFlow.js layers-model, float32, little endian',
        file: TENSORFLOW_FILE,
        weightsFile: WEIGHTS_FILE,
        outputs: ['logits'],
        load: 'const model = await tf.loadLayersModel(url of model.json); model.predict([components, cluster, mask])',
      },
      {
        format: 'ONNX, operator set 17',
        file: ONNX_FILE,
        outputs: outputs.map(({ name }) => name),
        load: 'const session = await ort.InferenceSession.create(bytes); session.run({ components, cluster, mask })',
      },
    ],
    notes: [
      'The number of components is free, but the same for all rows of a batch. All inputs are float32.',
      'The network scales and limits the features itself, counts the components and applies the mask: feed features in their own units.',
      acts === 'best'
        ? 'The agent takes the choice of the highest logit.'
        : 'The agent draws from the softmax of the logits.',
    ],
  };
}

/** What only makes sense with the number of verbs in hand. */
function meaningsOf(verbs: number): Readonly<Record<string, string>> {
  return {
    components: 'one row per component, in any order; columns and units as in observation.componentFeatures',
    cluster: 'columns and units as in observation.clusterFeatures',
    mask: `1 where a choice is legal, else 0; components x ${verbs} + 1 of them, numbered like the logits`,
    logits: `0 = do nothing, 1 + component * ${verbs} + verb = that verb on that component; -1e8 where not legal`,
  };
}
