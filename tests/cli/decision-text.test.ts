/** How an answer reads: what rests on facts that nobody knows is not told as if it were known. */

import { expect, test } from 'vitest';
import { decisionText } from '../../src/cli/decision-text.ts';
import type { Decision } from '../../src/decide/index.ts';
import { model } from '../decide/hand-made-model.ts';
import { completeTopology, signals } from '../decide/shop.ts';

const decision = model.decide(signals({ n2: { readyRatio: 0.5 } }), { topology: completeTopology });

/** The same answer, had its rule fired in this share of the ways to fill the gaps. */
function text(share: number, isOfRepair: boolean): string {
  const [rule] = decision.rules;
  const repairs = decision.repairs.map((repair) => ({ ...repair, rule: null }));
  const fired = { ...rule!, share };
  const [first, ...others] = repairs;
  const changed: Decision = isOfRepair
    ? { ...decision, rules: [fired], repairs: [{ ...first!, rule: fired }, ...others] }
    : { ...decision, rules: [fired], repairs };
  return decisionText(changed);
}

test.each([true, false])('a rule that fires in a few of the fillings is left out (of a repair: %s)', (isOfRepair) => {
  expect(text(1, isOfRepair)).toContain('rule service-1');
  expect(text(1, isOfRepair)).not.toContain('ways to fill the gaps');
  expect(text(0.75, isOfRepair)).toContain('fires in 75 % of the ways to fill the gaps');
  expect(text(3 / 32, isOfRepair)).not.toContain('rule service-1');
});
