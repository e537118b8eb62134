/** What the card and the rule sheet of an exported model say about its rules and about what it may not know. */

import type { Interval } from '../base/index.ts';
import type { AbstentionLimits } from '../decide/index.ts';
import type { DecisionParts } from '../model/index.ts';
import type { Distilled } from './distill-report.ts';
import type { HiddenSignals } from './hidden-signals.ts';
import type { Score } from './measure.ts';

/** How the limits came about and where the episodes were played. */
export interface DecisionNotes {
  readonly limits: AbstentionLimits;
  readonly hidden: HiddenSignals | undefined;
  readonly played: { readonly scenarios: readonly string[]; readonly chaos: readonly string[] };
  readonly agent: string;
}

/** Everything the exporter of `model/` writes about deciding. */
export function decisionOf(
  { rules, report, familiar, ageSecondsSeen }: Distilled,
  notes: DecisionNotes,
): DecisionParts {
  const { limits, hidden, played } = notes;
  const { fidelity, candidates, settings, seed, leaves, ...scores } = report;
  return {
    rules,
    familiar,
    limits,
    summary: summaryOf({ rules, report }, notes),
    scores: {
      meaning: 'the network in the test episodes of the rules; all intervals here and there hold 95 %',
      played: { ...played, engine: 'flow' },
      ...scores.network,
    },
    ruleNotes: {
      method:
        'VIPER: trees imitate the network in situations that the rules themselves got into; what a wrong repair costs is the difference of the true values of the choices, looked ahead in the simulator with chaos silent; of all candidates the one that repairs most in rollouts is kept',
      played: { ...played, engine: 'flow' },
      leaves,
      rules: rules.rules.length,
      settings,
      seed,
      candidates,
      testEpisodes: scores,
      fidelity: {
        meaning:
          'decisions of the test episodes, played by the rules: how often the network would have done the same; uncovered = no rule fires',
        ...fidelity,
      },
    },
    limitNotes: {
      ageSecondsSeen: {
        value: ageSecondsSeen,
        meaning: `99.9 % of the samples in training were younger; beyond ${limits.ageSecondsMax} s the model cannot tell ages apart`,
      },
      alertAge: 'the longest episode of training: failures older than that were never seen',
      hiddenSignals: {
        meaning:
          'situations of the test episodes with the signals of some components hidden: how often the answer stayed the same; the limits keep 80 % of the answers right',
        ...hidden,
      },
      strangeness:
        'distance to the nearest typical situation of training, component by component; the limit is the 99.5 % quantile over situations of the test episodes, all or those with something to repair, whichever is larger',
    },
  };
}

function summaryOf({ rules, report }: Pick<Distilled, 'rules' | 'report'>, { agent, played }: DecisionNotes): string[] {
  const { network, rules: own, repairedRatio } = report;
  return [
    `Made from the network of ${agent} by imitation: rules ${rules.rules.length}, from trees of ${report.leaves} leaves in all.`,
    `In ${own.episodes} test episodes (${played.scenarios.join(', ')} against ${played.chaos.join(', ')}) they repair ${repairedWords(own)}, the network ${repairedWords(network)}: ${percent(repairedRatio.value)} of what the network repairs (${intervalWords(repairedRatio)}).`,
  ];
}

function repairedWords(score: Score): string {
  return `${percent(score.repaired / Math.max(1, score.episodes))} (${intervalWords(score.repairedShare)})`;
}

function intervalWords({ low, high }: Interval): string {
  return `95 % interval ${Math.round(100 * low)} to ${Math.round(100 * high)} %`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
