/** An order model's answer for people. */

import type { Decision, FiredRule, RankedRepair } from '../decide/index.ts';

export function decisionText(decision: Decision): string {
  return [
    ...headline(decision),
    ...decision.repairs.flatMap((repair, index) => repairLines(repair, index + 1)),
    ...firedLines(decision),
    ...decision.notes.map((note) => `note: ${note}`),
    knowledgeLine(decision),
  ].join('\n');
}

function headline({ model, abstains, reasons, advice, tentative, repairs, waitProbability }: Decision): string[] {
  if (abstains) return [`${model} abstains:`, ...reasons.map(({ code, words }) => `  ${code}: ${words}`)];
  const [first] = repairs;
  const certainty = tentative ? ' (tentative: it knows little more than the alert)' : '';
  if (advice === 'wait' || first === undefined) {
    return [`${model} would do nothing now (${percent(waitProbability)})${certainty}; if anything:`];
  }
  return [
    `${model} advises ${first.verb} on ${first.component}${certainty}; doing nothing ${percent(waitProbability)}`,
  ];
}

function repairLines({ verb, component, probability, rule, signals, meaning }: RankedRepair, rank: number): string[] {
  const lines = [`${String(rank).padStart(2)}. ${verb} on ${component}  ${percent(probability)}`, `      ${meaning}`];
  if (rule !== null && isTold(rule)) {
    const { id, because, precision } = rule;
    const right = `right in ${percent(precision)} of its firings`;
    lines.push(`      rule ${id}: ${because.join('; ')} (${[right, ...gapWords(rule)].join('; ')})`);
  }
  if (signals.length > 0) {
    const told = signals.map(({ words, effect }) => `${words} (${effect >= 0 ? '+' : ''}${effect.toFixed(1)})`);
    lines.push(`      what mattered: ${told.join('; ')}`);
  }
  return rank > 3 ? lines.slice(0, 1) : lines;
}

/** Rules that ask for something else than the network's first repairs. */
function firedLines({ rules, repairs }: Decision): string[] {
  const told = new Set(repairs.flatMap(({ rule }) => (rule === null ? [] : [`${rule.id} ${rule.component}`])));
  return rules
    .filter((rule) => isTold(rule) && !told.has(`${rule.id} ${rule.component}`))
    .slice(0, 3)
    .map((rule) => {
      const words = [rule.because.join('; '), ...gapWords(rule).map((gaps) => `(${gaps})`)].join(' ');
      return `rule ${rule.id} would do ${rule.does} on ${rule.component}: ${words}`;
    });
}

/** A rule that fires in fewer of the ways to fill the gaps rests on facts that nobody knows. */
const SHARE_TOLD = 0.5;

function isTold({ share }: FiredRule): boolean {
  return share >= SHARE_TOLD;
}

function gapWords({ share }: FiredRule): string[] {
  return share < 1 ? [`fires in ${percent(share)} of the ways to fill the gaps`] : [];
}

function knowledgeLine({ knowledge, familiarity }: Decision): string {
  const { componentsSeen, components, signalsKnown, signalsExpected, ageSeconds, agreement, fillings } = knowledge;
  const parts = [
    `${componentsSeen} of ${components} components seen`,
    `${signalsKnown} of ${signalsExpected} signals known`,
    ...(ageSeconds === null ? [] : [`newest ${Math.round(ageSeconds)} s old`]),
    ...(fillings > 1 ? [`${percent(agreement)} of the ways to fill the gaps agree`] : []),
    ...(familiarity === null ? [] : [`strangeness ${familiarity.strangeness.toFixed(2)} of 1`]),
  ];
  return `knows: ${parts.join(', ')}`;
}

function percent(share: number): string {
  if (share > 0 && share < 0.0005) return 'under 0.1 %';
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
