/** The exported model of a trained agent: the files of one folder, which explain and check themselves. */

import { DeeplOpsError, hashWords } from '../base/index.ts';
import type { RoleSpec } from '../contract/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { goldenVectors } from './golden-vectors.ts';
import { WEIGHTS_FILE } from './layers-graph.ts';
import { tensorflowLayers } from './tensorflow-layers.ts';

/** What is known about an agent beyond what it computes. */
export interface OrderModelOrigin {
  /** Names, units and meanings of the features and verbs it was trained on. */
  readonly spec: RoleSpec;
  /** How it was trained, as its own card tells it. */
  readonly training: unknown;
  /** How well it does, if its own card tells. */
  readonly scores?: unknown;
  /** Version of the program that exports it. */
  readonly codeVersion: string;
}

/** Files by name. */
export type OrderModelFiles = Readonly<Record<string, string | Uint8Array>>;

/** Numbers of components of the golden vectors. */
const GOLDEN_COUNTS = [1, 4, 11];
const GOLDEN_SEED = 1;
/** How far logits of another float32 backend may lie from the golden ones, of the largest legal one or of 1. */
const GOLDEN_TOLERANCE = 1e-4;

/** model.json, weights.bin, card.json and golden.json of an agent; SPEC_MISMATCH where the spec is not the agent's own. */
export function orderModelFiles(agent: NeuralAgent, origin: OrderModelOrigin): OrderModelFiles {
  const { observation, action } = origin.spec;
  if (agent.observationHash !== observation.hash || agent.actionHash !== action.hash) {
    const message = `the agent ${agent.name} was trained on other features or actions than this version has`;
    throw new DeeplOpsError('SPEC_MISMATCH', message);
  }
  const { name, role, acts } = agent;
  const model = tensorflowLayers(agent, {
    name,
    role,
    acts,
    observationHash: observation.hash,
    actionHash: action.hash,
  });
  const vectors = goldenVectors(agent, { componentCounts: GOLDEN_COUNTS, seed: GOLDEN_SEED });
  const { codeVersion, training, scores = null } = origin;
  const card = {
    format: 'deepl-ops-model',
    version: 1,
    name,
    role,
    acts,
    exportedBy: codeVersion,
    observation: {
      hash: observation.hash,
      componentFeatures: observation.componentFeatures,
      clusterFeatures: observation.clusterFeatures,
    },
    action: { hash: action.hash, verbs: action.verbs.map(({ name, target, meaning }) => ({ name, target, meaning })) },
    network: { ...networkNotes(agent), weightsHash: hashWords(new Uint32Array(model.weights.buffer)) },
    training,
    scores,
    golden: {
      file: 'golden.json',
      tolerance: GOLDEN_TOLERANCE,
      meaning: 'observations with the logits they must give, to within tolerance x max(1, largest legal logit)',
    },
  };
  return {
    'model.json': json(model.document),
    [WEIGHTS_FILE]: model.weights,
    'golden.json': json({ tolerance: GOLDEN_TOLERANCE, vectors }),
    'card.json': json(card, 2),
  };
}

/** How to feed the network and read what comes out. */
function networkNotes({ shape, acts }: NeuralAgent): object {
  const { componentFeatures, clusterFeatures, verbs } = shape;
  return {
    file: 'model.json',
    weightsFile: WEIGHTS_FILE,
    format: 'TensorFlow.js layers-model, float32, little endian',
    load: 'const model = await tf.loadLayersModel(url of model.json); model.predict([components, cluster, mask])',
    inputs: [
      {
        name: 'components',
        shape: ['batch', 'N', componentFeatures],
        meaning: 'one row per component, in any order; columns and units as in observation.componentFeatures',
      },
      {
        name: 'cluster',
        shape: ['batch', clusterFeatures],
        meaning: 'columns and units as in observation.clusterFeatures',
      },
      {
        name: 'mask',
        shape: ['batch', `N * ${verbs} + 1`],
        meaning: '1 where a choice is legal, else 0; numbered like the logits',
      },
    ],
    output: {
      name: 'logits',
      shape: ['batch', `N * ${verbs} + 1`],
      meaning: `0 = do nothing, 1 + component * ${verbs} + verb = that verb on that component; -1e8 where not legal`,
    },
    notes: [
      'N, the number of components, is free but the same for all rows of a batch.',
      'The network scales and limits the features itself, and counts the components: feed features in their own units.',
      acts === 'best'
        ? 'The agent takes the choice of the highest logit.'
        : 'The agent draws from the softmax of the logits.',
    ],
  };
}

function json(document: unknown, indent?: number): string {
  return `${JSON.stringify(document, null, indent)}\n`;
}
