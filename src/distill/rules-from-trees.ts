/** Turns trees into rules: every leaf that repairs becomes one, with the cuts on the way to it as its conditions. */

import type { Rule, RuleCondition } from '../decide/index.ts';
import { leavesOf, type TreeNode } from './decision-tree.ts';
import { NOTHING, type Samples } from './samples.ts';

/** A rule while it is worked on, with columns in place of names. */
export interface DraftRule {
  readonly when: readonly DraftCondition[];
  /** 1 + verb. */
  readonly label: number;
  /** Mean log odds by which the network prefers this repair to doing nothing, weighted by what is at stake. */
  readonly priority: number;
}

interface DraftCondition extends Pick<RuleCondition, 'op' | 'value'> {
  readonly column: number;
}

/** Log odds below this say nothing more. */
const GAP_MIN = -20;

/** The rules of one kind of component, the most urgent first. */
export function draftRules(root: TreeNode, samples: Samples): DraftRule[] {
  const drafts: DraftRule[] = [];
  walk(root, [], (leaf, path) => {
    if (leaf.label === NOTHING) return;
    drafts.push({ when: tightest(path), label: leaf.label, priority: meanGap(leaf, samples) });
  });
  return withoutImplied(drafts.sort((a, b) => b.priority - a.priority));
}

/** Number of leaves of all trees together. */
export function countLeaves(roots: readonly TreeNode[]): number {
  return roots.reduce((sum, root) => sum + leavesOf(root).length, 0);
}

/** Whether a sample meets all conditions. */
function meets(samples: Samples, row: number, when: readonly DraftCondition[]): boolean {
  const at = row * samples.width;
  return when.every(({ column, op, value }) => {
    const feature = samples.features[at + column] ?? 0;
    return op === '>' ? feature > value : feature <= value;
  });
}

/** The drafts with their names and what the samples say about them. */
export function nameRules(
  drafts: readonly DraftRule[],
  options: {
    readonly kind: string;
    readonly samples: Samples;
    readonly columns: readonly string[];
    readonly verbs: readonly string[];
    /** Samples of all kinds together for which the network has a repair. */
    readonly repairs: number;
  },
): Rule[] {
  const { kind, samples, columns, verbs, repairs } = options;
  const tallies = drafts.map(() => ({ fires: 0, agrees: 0, regret: 0, valued: 0 }));
  for (let row = 0; row < samples.count; row += 1) {
    const first = drafts.findIndex(({ when }) => meets(samples, row, when));
    const tally = tallies[first];
    if (tally === undefined) continue;
    const copies = samples.copies[row] ?? 1;
    tally.fires += copies;
    if (samples.labels[row] === drafts[first]?.label) tally.agrees += copies;
    const regret = samples.regrets[row] ?? 0;
    if (regret !== 0) {
      tally.regret += regret;
      tally.valued += 1;
    }
  }
  return drafts.map(({ when, label, priority }, index) => {
    const { fires = 0, agrees = 0, regret = 0, valued = 0 } = tallies[index] ?? {};
    return {
      id: `${kind}-${index + 1}`,
      kind,
      when: when.map(({ column, op, value }) => ({ feature: columns[column] ?? '', op, value })),
      do: verbs[label - 1] ?? '',
      priority,
      support: repairs > 0 ? agrees / repairs : 0,
      precision: fires > 0 ? agrees / fires : 0,
      regret: valued > 0 ? regret / valued : 0,
    };
  });
}

/**
 * Drops conditions that the order of the rules makes superfluous: where everything that fails one of them, and meets the
 * rest, meets an earlier rule, which then comes first anyway.
 */
function withoutImplied(drafts: readonly DraftRule[]): DraftRule[] {
  return drafts.map((draft, index) => {
    const earlier = drafts.slice(0, index);
    const when = draft.when.reduce<readonly DraftCondition[]>((kept, condition) => {
      const rest = kept.filter((other) => other !== condition);
      const failing = [...rest, { ...condition, op: opposite(condition.op) }];
      const isCovered = earlier.some((rule) => rule.when.every((wanted) => isImplied(wanted, failing)));
      return isCovered && rest.length > 0 ? rest : kept;
    }, draft.when);
    return { ...draft, when };
  });
}

/** Whether one of the conditions says as much, on the same side of the same feature. */
function isImplied({ column, op, value }: DraftCondition, by: readonly DraftCondition[]): boolean {
  return by.some((other) => {
    if (other.column !== column || other.op !== op) return false;
    return op === '>' ? other.value >= value : other.value <= value;
  });
}

function opposite(op: DraftCondition['op']): DraftCondition['op'] {
  return op === '>' ? '<=' : '>';
}

function walk(
  node: TreeNode,
  path: readonly DraftCondition[],
  onLeaf: (leaf: TreeNode, path: readonly DraftCondition[]) => void,
): void {
  if (node.cut === undefined || node.left === undefined || node.right === undefined) {
    onLeaf(node, path);
    return;
  }
  walk(node.left, [...path, { ...node.cut, op: '<=' }], onLeaf);
  walk(node.right, [...path, { ...node.cut, op: '>' }], onLeaf);
}

/** Of several conditions on one side of a feature only the tightest counts. */
function tightest(path: readonly DraftCondition[]): DraftCondition[] {
  const kept = new Map<string, DraftCondition>();
  for (const condition of path) {
    const key = `${condition.column}${condition.op}`;
    // A cut further down the tree lies within what the cuts above have left: it is always the tighter one.
    kept.set(key, condition);
  }
  return [...kept.values()];
}

function meanGap({ rows }: TreeNode, samples: Samples): number {
  let [sum, total] = [0, 0];
  for (const row of rows) {
    const weight = samples.weight(row);
    sum += weight * Math.max(GAP_MIN, samples.gaps[row] ?? 0);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}
