/** Trees grown from weighted samples. */

import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { growTrees, leavesOf, Samples, type TreeNode } from '../../src/distill/index.ts';

const WIDTH = 3;

/** Samples of random features, labelled by a function of them. */
function samplesOf(
  count: number,
  labelOf: (features: readonly number[]) => number,
  stakeOf = (_: number) => 0,
): Samples {
  const stream = new RandomStream(1, 'samples');
  const samples = new Samples(WIDTH);
  for (let row = 0; row < count; row += 1) {
    const features = Array.from({ length: WIDTH }, () => stream.uniform());
    const label = labelOf(features);
    samples.add({
      features: Float32Array.from(features),
      label,
      stake: stakeOf(label),
      gap: 0,
      regret: 0,
      copies: 1,
    });
  }
  return samples;
}

const limits = { leavesMax: 8, samplesMin: 5, labels: 3, repairWeight: 1 };
const grow = (samples: Samples, options: Partial<typeof limits> = {}, leaveOut = (_: number) => false): TreeNode => {
  const [tree] = growTrees([{ samples, leaveOut }], { ...limits, ...options });
  if (tree === undefined) throw new Error('a source gives a tree');
  return tree;
};

describe('a tree', () => {
  test('finds the cut that tells labels apart', () => {
    const tree = grow(samplesOf(500, ([, second = 0]) => (second > 0.3 ? 1 : 0)));
    expect(tree.cut?.column).toBe(1);
    expect(tree.cut?.value).toBeCloseTo(0.3, 1);
    expect([tree.left?.label, tree.right?.label]).toEqual([0, 1]);
  });

  test('finds labels that hang on two features', () => {
    const labelOf = ([first = 0, second = 0]: readonly number[]) => {
      if (first <= 0.5) return 0;
      return second > 0.5 ? 2 : 1;
    };
    const leaves = leavesOf(grow(samplesOf(800, labelOf)));
    expect(leaves.map(({ label }) => label).sort()).toEqual(expect.arrayContaining([0, 1, 2]));
    const wrong = leaves.filter(({ rows }) => rows.length < 20);
    expect(wrong.length).toBeLessThanOrEqual(2);
  });

  test('keeps columns that it may not cut', () => {
    const samples = samplesOf(300, ([first = 0]) => (first > 0.5 ? 1 : 0));
    const cuts = (node: TreeNode): number[] =>
      node.cut === undefined || !node.left || !node.right
        ? []
        : [node.cut.column, ...cuts(node.left), ...cuts(node.right)];
    expect(cuts(grow(samples, {}, (column) => column === 0))).not.toContain(0);
  });

  test('takes back cuts that change nothing', () => {
    expect(leavesOf(grow(samplesOf(200, () => 1)))).toHaveLength(1);
  });

  test('follows few samples rather than many where much is at stake, or repairs count for more', () => {
    // One in five is ill, and nothing tells them apart.
    const labelOf = ([first = 0]: readonly number[]) => (Math.floor(first * 1e4) % 5 === 0 ? 1 : 0);
    const cheap = grow(samplesOf(500, labelOf), { samplesMin: 300 });
    const dear = grow(
      samplesOf(500, labelOf, (label) => label),
      { samplesMin: 300 },
    );
    expect([cheap.label, dear.label]).toEqual([0, 1]);
    const heeded = grow(samplesOf(500, labelOf), { samplesMin: 300, repairWeight: 8 });
    expect(heeded.label).toBe(1);
  });
});

test('trees share their leaves where these gain most', () => {
  const plain = samplesOf(400, ([first = 0]) => (first > 0.5 ? 1 : 0));
  const rich = samplesOf(400, ([first = 0]) => Math.min(2, Math.floor(3 * first)));
  const trees = growTrees(
    [plain, rich].map((samples) => ({ samples, leaveOut: () => false })),
    { ...limits, leavesMax: 5 },
  );
  expect(trees.map((tree) => leavesOf(tree).length)).toEqual([2, 3]);
});

test('the same samples give the same trees', () => {
  const samples = samplesOf(300, ([first = 0, second = 0]) => (first * second > 0.3 ? 1 : 0));
  expect(grow(samples)).toEqual(grow(samples));
});
