/** The order in which an update goes through decisions and sequences of them. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { type RunDimensions, SampleOrder, STEP } from '../../src/learn/index.ts';

/** Two shards of two environments and four decisions: slots 0 to 9 and 10 to 19, of which each shard's last two come after. */
const dimensions = { shards: 2, environmentsPerShard: 2, environments: 4, rolloutSteps: 4 } as RunDimensions;
const { forced, choice, valueOnly } = STEP;
const kinds = Uint8Array.of(
  ...[forced, choice, choice, forced, forced, forced, forced, valueOnly, choice, choice],
  ...[choice, forced, choice, forced, choice, forced, choice, forced, choice, choice],
);

const orderOf = (sequenceSteps: number) =>
  new SampleOrder({ dimensions, storage: { kinds }, sequenceSteps, order: new Int32Array(16) });

describe('the order of an update', () => {
  test('holds every decision that something is learned from, once', () => {
    expect([...orderOf(1).slots]).toEqual([1, 2, 7, 10, 12, 14, 16]);
  });

  test('holds whole sequences of one environment where the memory is learned, without those that teach nothing', () => {
    expect([...orderOf(2).slots]).toEqual([0, 2, 1, 3, 5, 7, 10, 12, 14, 16]);
    expect(orderOf(2).countLearned(orderOf(2).slots)).toBe(7);
    expect([...orderOf(4).slots]).toEqual([0, 2, 4, 6, 1, 3, 5, 7, 10, 12, 14, 16]);
  });

  test('is shuffled without tearing sequences apart', () => {
    const order = orderOf(2);
    order.shuffle(new RandomStream(3, 'test'));
    const { slots } = order;
    expect([...slots]).not.toEqual([...orderOf(2).slots]);
    expect([...slots].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 5, 7, 10, 12, 14, 16]);
    for (let at = 0; at < slots.length; at += 2) expect(slots[at + 1]).toBe(slots[at]! + 2);
  });

  test('is cut into minibatches of about so many decisions to learn from, at the borders of sequences', () => {
    expect(orderOf(1).minibatches(4)).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 7 },
    ]);
    expect(orderOf(2).minibatches(4)).toEqual([
      { start: 0, end: 4 },
      { start: 4, end: 10 },
    ]);
  });
});
