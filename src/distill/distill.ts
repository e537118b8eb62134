/**
 * Rules from a network by imitation (VIPER): the rules so far play, the network says what it would have done in every
 * situation they got into, what a wrong repair costs there is looked up in simulations, and new trees are grown from all
 * that was gathered. Of all candidates the one that repairs most in rollouts is kept, not the one that agrees best.
 */

import { assert, quantile } from '../base/index.ts';
import type { RoleSpec } from '../contract/index.ts';
import { CLUSTER_PREFIX, type RuleSet } from '../decide/index.ts';
import {
  createNeuralPolicy,
  createNonePolicy,
  createRulesPolicy,
  type NeuralAgent,
  type ScoringPolicy,
} from '../policies/index.ts';
import { collectEpisode } from './collect.ts';
import { type ContestTable, type EpisodePlan, planEpisodes } from './contest-table.ts';
import { growTrees, type TreeLimits, type TreeNode } from './decision-tree.ts';
import type { Distilled, DistillReport } from './distill-report.ts';
import { StrangenessGauge, typicalRows } from './familiarity.ts';
import { HeldOut } from './held-out.ts';
import { playAll, playBeside, repairedRatio, returnShare, scoreOf } from './measure.ts';
import { countLeaves, draftRules, nameRules } from './rules-from-trees.ts';
import { NOTHING, Samples } from './samples.ts';
import { type Candidate, selectCandidate, selectionEpisodesOf } from './select.ts';
import type { DistillSettings } from './settings.ts';
import { situationColumns } from './situation-rows.ts';

export interface DistillOptions {
  readonly tables: readonly ContestTable[];
  readonly settings: DistillSettings;
  readonly seed: number;
}

/** How far a part of the work is: episodes played, or questions asked, of all. */
export interface DistillProgress {
  readonly part: 'playing' | 'asking';
  readonly done: number;
  readonly total: number;
}

/** Makes rules, yielding after each episode. */
export function* distillRules(agent: NeuralAgent, options: DistillOptions): Generator<DistillProgress, Distilled> {
  const distiller = new Distiller(agent, options);
  const total = episodesOf(options.settings);
  const work = distiller.run();
  for (let done = 1; ; done += 1) {
    const next = work.next();
    if (next.done) return next.value;
    yield { part: 'playing', done: Math.min(done, total), total };
  }
}

/** Episodes that are played for rules. */
function episodesOf(settings: DistillSettings): number {
  const { rounds, episodesPerRound, testEpisodes, leaves, repairWeights } = settings;
  return (
    rounds * episodesPerRound +
    selectionEpisodesOf(settings, rounds * leaves.length * repairWeights.length) +
    3 * testEpisodes
  );
}

class Distiller {
  readonly #agent: NeuralAgent;
  readonly #options: DistillOptions;
  readonly #spec: RoleSpec;
  readonly #network: ScoringPolicy;
  readonly #samples: ReadonlyMap<string, Samples>;
  readonly #cluster: Samples;
  readonly #columns: readonly string[];

  constructor(agent: NeuralAgent, options: DistillOptions) {
    const [table] = options.tables;
    assert(table !== undefined, 'rules are made at a table');
    this.#agent = agent;
    this.#options = options;
    this.#spec = table.environment.specs.order;
    this.#network = createNeuralPolicy(agent);
    const { componentFeatures, clusterFeatures } = this.#spec.observation;
    this.#columns = [
      ...componentFeatures.map(({ name }) => name),
      ...clusterFeatures.map(({ name }) => CLUSTER_PREFIX + name),
    ];
    const kinds = new Set(this.#spec.action.verbs.map(({ target }) => target));
    this.#samples = new Map([...kinds].map((kind) => [kind, new Samples(this.#columns.length)]));
    this.#cluster = new Samples(clusterFeatures.length);
  }

  *run(): Generator<void, Distilled> {
    const { rounds, leaves, repairWeights } = this.#options.settings;
    const candidates: Candidate[] = [];
    let newest: RuleSet | undefined;
    for (let round = 0; round < rounds; round += 1) {
      yield* this.#collect(round, newest);
      const grown = repairWeights.flatMap((repairWeight) =>
        leaves.map((leavesMax) => this.#candidate(round, { leavesMax, repairWeight })),
      );
      candidates.push(...grown);
      newest = grown[0]?.rules;
    }
    const played = yield* selectCandidate(candidates, {
      stages: this.#options.settings.selectionEpisodes,
      plan: (count, from) => this.#plan('select', count, from),
    });
    return yield* this.#measure(played);
  }

  *#collect(round: number, rules: RuleSet | undefined): Generator<void, void> {
    const { episodesPerRound, horizonSteps } = this.#options.settings;
    const driver = rules === undefined ? undefined : createRulesPolicy(rules);
    const collection = {
      network: this.#network,
      rules: driver,
      horizonSteps,
      samples: this.#samples,
      cluster: this.#cluster,
    };
    for (const plan of this.#plan('collect', episodesPerRound, round * episodesPerRound)) {
      collectEpisode(plan, collection);
      yield;
    }
  }

  #candidate(round: number, limits: Pick<TreeLimits, 'leavesMax' | 'repairWeight'>): Candidate {
    const { samplesMin } = this.#options.settings;
    const labels = this.#spec.action.verbs.length + 1;
    const sources = [...this.#samples.values()].map((samples) => ({
      samples,
      leaveOut: (column: number) => this.#columns[column]?.startsWith('type.') ?? true,
    }));
    const roots = growTrees(sources, { ...limits, samplesMin, labels });
    const { repairWeight } = limits;
    return { rules: this.#rulesOf(roots), leaves: countLeaves(roots), repairWeight, round, verdicts: [] };
  }

  #rulesOf(roots: readonly TreeNode[]): RuleSet {
    const verbs = this.#spec.action.verbs.map(({ name }) => name);
    const repairs = [...this.#samples.values()].reduce((sum, samples) => sum + countRepairs(samples), 0);
    const rules = [...this.#samples].flatMap(([kind, samples], index) => {
      const root = roots[index];
      if (root === undefined) return [];
      const drafts = draftRules(root, samples);
      return nameRules(drafts, { kind, samples, columns: this.#columns, verbs, repairs });
    });
    return { observationHash: this.#agent.observationHash, actionHash: this.#agent.actionHash, rules };
  }

  /** In episodes that nothing before was made from or chosen by. */
  *#measure(candidates: readonly [Candidate, ...Candidate[]]): Generator<void, Distilled> {
    const [kept] = candidates;
    const { settings, seed } = this.#options;
    const plans = this.#plan('test', settings.testEpisodes);
    const nobody = yield* playAll(createNonePolicy(), plans);
    const network = yield* playAll(this.#network, plans);
    const heldOut = new HeldOut(this.#gauge());
    const rules = createRulesPolicy(kept.rules);
    const onDecision = heldOut.add.bind(heldOut);
    const { verdicts, fidelity } = yield* playBeside({ rules, network: this.#network, onDecision }, plans);
    const report: DistillReport = {
      settings,
      seed,
      leaves: kept.leaves,
      candidates: candidates.map(({ round, leaves, repairWeight, rules: made, verdicts: played }) => {
        const { repaired, episodes } = scoreOf(played);
        return { round, leaves, repairWeight, rules: made.rules.length, repaired, episodes, kept: made === kept.rules };
      }),
      none: scoreOf(nobody),
      network: scoreOf(network),
      rules: scoreOf(verdicts),
      repairedRatio: repairedRatio(verdicts, network),
      returnShare: returnShare({ rules: verdicts, network, nobody }),
      fidelity,
    };
    return {
      rules: kept.rules,
      report,
      familiar: heldOut.gauge.situations(),
      ageSecondsSeen: this.#ageSecondsSeen(),
      situations: heldOut.situations,
    };
  }

  #gauge(): StrangenessGauge {
    const kinds = situationColumns(this.#spec, { samples: this.#samples, cluster: this.#cluster });
    return new StrangenessGauge(new Map(kinds.map((columns) => [columns.kind, typicalRows(columns)])));
  }

  /** From the feature, which counts minutes. */
  #ageSecondsSeen(): number {
    const column = this.#columns.indexOf('signalAge');
    const ages = [...this.#samples.values()].flatMap(({ features, width, count }) =>
      Array.from({ length: count }, (_, row) => 60 * (features[row * width + column] ?? 0)),
    );
    return Number(quantile(ages, 0.999).toPrecision(3));
  }

  #plan(purpose: string, count: number, from = 0): EpisodePlan[] {
    const { tables, seed, settings } = this.#options;
    return planEpisodes(tables, { purpose, seed, from, count, quietEvery: settings.quietEvery });
  }
}

function countRepairs({ labels, copies, count }: Samples): number {
  let repairs = 0;
  for (let row = 0; row < count; row += 1) if (labels[row] !== NOTHING) repairs += copies[row] ?? 1;
  return repairs;
}
