/** Classification trees (CART) over weighted samples, grown side by side: the next cut is made where it gains most. */

import { type BinnedColumn, binColumns } from './binned-columns.ts';
import { NOTHING, type Samples } from './samples.ts';

/** A cut: samples with the column at most `value` go left. */
interface Cut {
  readonly column: number;
  readonly value: number;
}

/** A node; one without a cut is a leaf. */
export interface TreeNode {
  /** Rows of its samples. */
  readonly rows: Uint32Array;
  /** Of the largest weight among its samples. */
  readonly label: number;
  cut?: Cut;
  left?: TreeNode;
  right?: TreeNode;
}

/** Limits of growth. */
export interface TreeLimits {
  /** Over all trees. */
  readonly leavesMax: number;
  /** Samples a leaf must hold. */
  readonly samplesMin: number;
  /** Labels are 0 up to below this. */
  readonly labels: number;
  /** How many times as much a sample counts whose label is not NOTHING. */
  readonly repairWeight: number;
}

/** What a tree is grown from; `leaveOut` names columns it may not cut. */
export interface TreeSource {
  readonly samples: Samples;
  leaveOut(column: number): boolean;
}

/** One tree per source; leaves they have in common are shared out by gain. */
export function growTrees(sources: readonly TreeSource[], limits: TreeLimits): TreeNode[] {
  const growers = sources.map((source) => new Grower(source, limits));
  const roots = growers.map((grower) => grower.root());
  const open = roots.map((node, tree) => ({ tree, node, split: growers[tree]?.bestSplit(node) }));
  for (let leaves = roots.length; leaves < limits.leavesMax; leaves += 1) {
    let best: (typeof open)[number] | undefined;
    for (const candidate of open) {
      if (candidate.split !== undefined && candidate.split.gain > (best?.split?.gain ?? 0)) best = candidate;
    }
    const grower = best === undefined ? undefined : growers[best.tree];
    if (best?.split === undefined || grower === undefined) break;
    const { tree, node, split } = best;
    open.splice(open.indexOf(best), 1);
    for (const child of grower.divide(node, split)) open.push({ tree, node: child, split: grower.bestSplit(child) });
  }
  for (const root of roots) mergeEqualLeaves(root);
  return roots;
}

/** Leaves of a tree, left to right. */
export function leavesOf(node: TreeNode): TreeNode[] {
  if (node.left === undefined || node.right === undefined) return [node];
  return [...leavesOf(node.left), ...leavesOf(node.right)];
}

interface Split extends Cut {
  readonly gain: number;
  readonly binned: BinnedColumn;
  readonly bin: number;
}

/** Grows one tree. */
class Grower {
  readonly #samples: Samples;
  readonly #limits: TreeLimits;
  readonly #columns: readonly BinnedColumn[];
  readonly #weights: Float64Array;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor({ samples, leaveOut }: TreeSource, limits: TreeLimits) {
    this.#samples = samples;
    this.#limits = limits;
    this.#columns = binColumns(samples, leaveOut);
    this.#weights = Float64Array.from({ length: samples.count }, (_, row) => {
      return samples.weight(row) * (samples.labels[row] === NOTHING ? 1 : limits.repairWeight);
    });
    const bins = Math.max(1, ...this.#columns.map(({ cuts }) => cuts.length + 1));
    this.#sums = new Float64Array(bins * limits.labels);
    this.#counts = new Uint32Array(bins);
  }

  root(): TreeNode {
    return this.#node(Uint32Array.from({ length: this.#samples.count }, (_, row) => row));
  }

  divide(node: TreeNode, { binned, bin, column, value }: Split): [TreeNode, TreeNode] {
    const left = this.#node(node.rows.filter((row) => (binned.bins[row] ?? 0) <= bin));
    const right = this.#node(node.rows.filter((row) => (binned.bins[row] ?? 0) > bin));
    node.cut = { column, value };
    node.left = left;
    node.right = right;
    return [left, right];
  }

  /** The cut that lowers weighted impurity most; undefined where none does. */
  bestSplit(node: TreeNode): Split | undefined {
    const totals = this.#labelWeights(node.rows);
    const impurity = giniWeight(totals);
    if (impurity <= 0 || node.rows.length < 2 * this.#limits.samplesMin) return undefined;
    let best: Split | undefined;
    for (const binned of this.#columns) {
      this.#fill(binned, node.rows);
      const found = this.#scan(binned, totals, { count: node.rows.length, impurity });
      if (found !== undefined && found.gain > (best?.gain ?? 1e-9)) best = found;
    }
    return best;
  }

  #node(rows: Uint32Array): TreeNode {
    const weights = this.#labelWeights(rows);
    return { rows, label: weights.indexOf(Math.max(...weights)) };
  }

  #labelWeights(rows: Uint32Array): Float64Array {
    const { labels } = this.#samples;
    const weights = this.#weights;
    const totals = new Float64Array(this.#limits.labels);
    for (const row of rows) {
      const label = labels[row] ?? 0;
      totals[label] = (totals[label] ?? 0) + (weights[row] ?? 0);
    }
    return totals;
  }

  /** Weights by bin and label, and samples by bin. */
  #fill({ bins }: BinnedColumn, rows: Uint32Array): void {
    const { labels } = this.#samples;
    const weights = this.#weights;
    const width = this.#limits.labels;
    const [sums, counts] = [this.#sums, this.#counts];
    sums.fill(0);
    counts.fill(0);
    for (const row of rows) {
      const bin = bins[row] ?? 0;
      const cell = bin * width + (labels[row] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + (weights[row] ?? 0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }

  #scan(
    binned: BinnedColumn,
    totals: Float64Array,
    { count, impurity }: { readonly count: number; readonly impurity: number },
  ): Split | undefined {
    const { labels: width, samplesMin } = this.#limits;
    const left = new Float64Array(width);
    const right = totals.slice();
    let leftCount = 0;
    let best: Split | undefined;
    for (let bin = 0; bin < binned.cuts.length; bin += 1) {
      for (let label = 0; label < width; label += 1) {
        const weight = this.#sums[bin * width + label] ?? 0;
        left[label] = (left[label] ?? 0) + weight;
        right[label] = (right[label] ?? 0) - weight;
      }
      leftCount += this.#counts[bin] ?? 0;
      if (leftCount < samplesMin || count - leftCount < samplesMin) continue;
      const gain = impurity - giniWeight(left) - giniWeight(right);
      if (gain <= (best?.gain ?? 0)) continue;
      best = { gain, binned, bin, column: binned.column, value: binned.cuts[bin] ?? 0 };
    }
    return best;
  }
}

/** Gini impurity times weight. */
function giniWeight(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return sum > 0 ? sum - squares / sum : 0;
}

/** Cuts that decide nothing are taken back. */
function mergeEqualLeaves(node: TreeNode): void {
  if (node.left === undefined || node.right === undefined) return;
  mergeEqualLeaves(node.left);
  mergeEqualLeaves(node.right);
  if (node.left.cut !== undefined || node.right.cut !== undefined || node.left.label !== node.right.label) return;
  delete node.cut;
  delete node.left;
  delete node.right;
}
