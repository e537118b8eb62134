/** The comparison of backends: every one that loads has its row, the ratio is that of the rows, what is missing is said. */
import { expect, test } from 'vitest';
import { measureLearners } from '../../src/validation/index.ts';

test('every backend that loads is measured on the same update, and ours is held against WebAssembly', async () => {
  let seconds = 0;
  const clock = () => {
    // Grows, so that the figures differ.
    seconds += 0.001 + seconds / 100;
    return seconds;
  };
  const { rows, notes } = await measureLearners({ clock, secondsPerRow: 1e-6 });
  const [own, wasm] = rows;
  const update = 'learner update, plain 128-64-64-(32+1), minibatch 512';
  expect(own).toMatchObject({ name: update, unit: 'samples/s', target: 150_000 });
  expect(wasm).toMatchObject({ name: `${update}, tfjs-wasm`, unit: 'samples/s', target: null });
  expect(rows.at(-1)).toEqual({
    name: 'learner update, simd over tfjs-wasm',
    unit: 'times',
    value: own!.value / wasm!.value,
    median: own!.median / wasm!.median,
    target: 3,
  });
  const native = rows.some(({ name }) => name === `${update}, tfjs-node`);
  expect(notes).toEqual(native ? [] : [expect.stringMatching(/^tfjs-node does not load: /)]);
});
