/** Mutations of failure scripts: small, legal, and of every kind. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/base/index.ts';
import { decodeChoice, encodeChoice } from '../../../src/contract/index.ts';
import { type FailureScript, type MutationSpace, mutateScript, scriptKey } from '../../../src/learn/index.ts';

const VERBS = 4;
const choice = (component: number, verb: number): number => encodeChoice({ component, verb }, VERBS);

/** Components 0 to 2 take verbs 0, 1 and 3, component 3 takes verb 2 only; chaos decides at every other step. */
const space: MutationSpace = {
  choices: [0, 1, 2].flatMap((component) => [0, 1, 3].map((verb) => choice(component, verb))).concat(choice(3, 2)),
  verbs: VERBS,
  steps: Array.from({ length: 40 }, (_, index) => 2 * index),
  faultsMax: 4,
};
const script: FailureScript = [
  { step: 10, choice: choice(0, 0) },
  { step: 30, choice: choice(1, 3) },
  { step: 50, choice: choice(3, 2) },
];
const partner: FailureScript = [
  { step: 4, choice: choice(2, 1) },
  { step: 60, choice: choice(2, 3) },
];

function children(parents = { script, partner }, count = 3000): FailureScript[] {
  const stream = new RandomStream(5, 'test');
  return Array.from({ length: count }, () => mutateScript(parents, space, stream) ?? []);
}

/** What distinguishes a child of as many faults from its parent. */
function change(child: FailureScript): string {
  const gone = script.filter((fault) => !child.some((other) => scriptKey([other]) === scriptKey([fault])));
  const come = child.filter((fault) => !script.some((other) => scriptKey([other]) === scriptKey([fault])));
  if (gone.length === 0) return come.length === 1 ? 'added' : 'spliced';
  if (come.length === 0) return gone.length === 1 ? 'dropped' : 'spliced';
  const [before, after] = [gone[0]!, come[0]!];
  if (gone.length > 1 || come.length > 1) return 'spliced';
  const [from, to] = [decodeChoice(before.choice, VERBS)!, decodeChoice(after.choice, VERBS)!];
  if (before.choice === after.choice) return 'shifted';
  if (before.step !== after.step) return 'spliced';
  return from.verb === to.verb ? 'retargeted' : `turned ${from.verb} to ${to.verb}`;
}

describe('a mutation', () => {
  test('differs from its parent and has one to the allowed number of faults', () => {
    for (const child of children()) {
      expect(scriptKey(child)).not.toBe(scriptKey(script));
      expect(child.length).toBeGreaterThan(0);
      expect(child.length).toBeLessThanOrEqual(space.faultsMax);
    }
  });

  test('breaks only what may be broken, when chaos decides, and in order', () => {
    for (const child of children()) {
      expect(child.filter((fault) => !space.choices.includes(fault.choice))).toEqual([]);
      expect(child.filter((fault) => !space.steps.includes(fault.step))).toEqual([]);
      expect([...child].sort((a, b) => a.step - b.step)).toEqual(child);
    }
  });

  test('shifts, retargets, turns to a neighbouring verb, adds, drops or splices', () => {
    const found = new Set(children().map(change));
    for (const kind of ['shifted', 'retargeted', 'added', 'dropped', 'spliced']) expect(found).toContain(kind);
    // Of the verbs 0, 1 and 3 of a component, 1 is next to 0 and to 3; component 3 has no other than 2.
    expect([...found].filter((kind) => kind.startsWith('turned')).sort()).toEqual(['turned 0 to 1', 'turned 3 to 1']);
  });

  test('of a script of one fault never leaves nothing', () => {
    const single = { script: script.slice(0, 1), partner: script.slice(0, 1) };
    expect(children(single).every((child) => child.length > 0)).toBe(true);
  });

  test('is the same for the same stream', () => {
    expect(children()).toEqual(children());
  });
});
