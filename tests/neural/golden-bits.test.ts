/** The plain network computes the same bits as ever: extensions of it cost those nothing who do without them. */
import { expect, it } from 'vitest';
import { hashWords } from '../../src/base/index.ts';
import { createSimdBackend, initialWeights } from '../../src/neural/index.ts';
import { madeUpBatch, madeUpWeights, oddShape } from './made-up-batch.ts';

const batch = madeUpBatch(oddShape, { rows: 150, componentsMax: 5 }, 2);
const loss = { clipRange: 0.2, valueClipRange: 0.4, entropyWeight: 0.05, valueWeight: 0.5, referenceWeight: 0.3 };
const bitsOf = (values: Float32Array) => hashWords(new Uint32Array(values.buffer));

it('logits, values, gradients and initial weights of the plain network keep their bits', () => {
  const backend = createSimdBackend(oddShape, { componentsMax: 5 });
  backend.setWeights(madeUpWeights(oddShape, 1));
  const out = { logits: new Float32Array(150 * 16), values: new Float32Array(150) };
  backend.forward(batch, out);
  const gradients = new Float32Array(backend.parameterCount);
  backend.gradients(batch, loss, 150, gradients);
  expect({
    logits: bitsOf(out.logits),
    values: bitsOf(out.values),
    gradients: bitsOf(gradients),
    initialWeights: bitsOf(initialWeights(oddShape, 1)),
  }).toEqual({
    logits: '40458aed8d86c636',
    values: 'a6399f1e95c57f6f',
    gradients: 'a3f5c31737b59110',
    initialWeights: '3efab58fcc307bdc',
  });
});
