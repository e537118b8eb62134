/** Rules as the files people and programs read: `rules.json` with every threshold in natural units, `rules.md` in words. */

import type { RoleSpec } from '../contract/index.ts';
import {
  CLUSTER_PREFIX,
  conditionWords,
  featureForm,
  RULES_FORMAT,
  type RuleSet,
  type RulesDocument,
} from '../decide/index.ts';

/** How rules are applied: stands in both files. */
const ORDER =
  'For each component the rules of its kind are tried in order; the first whose conditions all hold, and whose repair is on offer there, fires. Of several components on which one fires, the rule of the highest priority goes first, then the component that is farthest from healthy, then the one that comes first. Where none fires, nothing is done.';

/** What stands in `rules.json`. */
export function rulesDocument(rules: RuleSet, spec: RoleSpec, agent: string): RulesDocument {
  const unitOf = unitsOf(spec);
  return {
    $schema: './rules.schema.json',
    format: RULES_FORMAT,
    version: 1,
    agent,
    observationHash: rules.observationHash,
    actionHash: rules.actionHash,
    order: ORDER,
    rules: rules.rules.map((rule) => ({
      ...rule,
      priority: short(rule.priority),
      support: short(rule.support),
      precision: short(rule.precision),
      regret: short(rule.regret),
      when: rule.when.map((condition) => {
        const form = featureForm({ name: condition.feature, unit: unitOf(condition.feature) });
        const natural = { value: short(form.toNatural(condition.value)), unit: form.unit };
        return { ...condition, natural, words: conditionWords(condition, unitOf) };
      }),
    })),
  };
}

/** What stands in `rules.md`: to be read aloud on call. */
export function rulesMarkdown(document: RulesDocument, spec: RoleSpec, summary: readonly string[]): string {
  const kinds = [...new Set(document.rules.map(({ kind }) => kind))];
  const meaningOf = (name: string): string => spec.action.verbs.find((verb) => verb.name === name)?.meaning ?? '';
  return [
    `# Repair rules of ${document.agent}`,
    '',
    ...summary.flatMap((line) => [line, '']),
    document.order,
    '',
    ...kinds.flatMap((kind) => [
      `## When a ${kindTitles[kind] ?? kind} is ill`,
      '',
      ...document.rules.filter((rule) => rule.kind === kind).flatMap((rule) => ruleLines(rule, meaningOf(rule.do))),
      'Otherwise leave it alone.',
      '',
    ]),
  ].join('\n');
}

const kindTitles: Readonly<Record<string, string>> = { node: 'machine' };

function ruleLines(rule: RulesDocument['rules'][number], meaning: string): string[] {
  return [
    `**${rule.id}.** If`,
    '',
    ...rule.when.map(({ words }) => `- ${words}`),
    '',
    `then **${rule.do}**: ${meaning}.`,
    '',
    `Priority ${rule.priority}; ${percent(rule.support)} of the network's repairs; where it fires the network wants the same in ${percent(rule.precision)}.`,
    '',
  ];
}

/** Units by the names that rules use. */
function unitsOf({ observation }: RoleSpec): (feature: string) => string {
  const units = new Map([
    ...observation.componentFeatures.map(({ name, unit }) => [name, unit] as const),
    ...observation.clusterFeatures.map(({ name, unit }) => [CLUSTER_PREFIX + name, unit] as const),
  ]);
  return (feature) => units.get(feature) ?? '';
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
