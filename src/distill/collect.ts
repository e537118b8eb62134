/**
 * Plays an episode and labels every situation in it: what the network does, and that it leaves all other components
 * alone; and what doing something else would cost by the true values of the choices, looked up in simulations from the
 * true state.
 */

import { decodeChoice, type LookAhead, NO_OP, type Policy } from '../contract/index.ts';
import type { ScoringPolicy } from '../policies/index.ts';
import { type EpisodePlan, playEpisode } from './contest-table.ts';
import { bestOf } from './measure.ts';
import { NOTHING, type Sample, type Samples } from './samples.ts';
import { SituationReader } from './situation-reader.ts';

/** So that no single moment decides all. */
const STAKE_MAX = 10;
/** Components left alone by more than these log odds are dull: one in so many is kept, and counts for all. */
const DULL_GAP = -4;
const DULL_KEPT_EVERY = 8;

/** Who plays, who labels, and where the samples go. */
export interface Collection {
  readonly network: ScoringPolicy;
  /** Who repairs: the rules so far; undefined = the network itself. */
  readonly rules: Policy | undefined;
  readonly horizonSteps: number;
  /** By kind of component. */
  readonly samples: ReadonlyMap<string, Samples>;
  /** The cluster's own features, unlabelled. */
  readonly cluster: Samples;
}

/** Plays one episode and adds its samples. */
export function collectEpisode(plan: EpisodePlan, { network, rules, horizonSteps, ...targets }: Collection): void {
  const { environment } = plan.table;
  const { topology, specs } = environment;
  const reader = new SituationReader(specs.order, topology);
  const verbs = specs.order.action.verbs.length;
  let step = 0;
  playEpisode(plan, {
    policies: rules === undefined ? [network] : [network, rules],
    act: (observation) => {
      const wanted = bestOf(network, observation);
      const chosen = rules?.act(observation) ?? wanted;
      const values = valuesOf(environment.lookAhead, [wanted, chosen], horizonSteps);
      const chosenOn = decodeChoice(chosen, verbs)?.component;
      for (let component = 0; component < reader.components; component += 1) {
        const opinion = reader.opinion(network.logits, observation.mask, component);
        const label = opinion.choice === wanted ? opinion.label : NOTHING;
        const isChosen = component === chosenOn;
        const isDull = opinion.gap < DULL_GAP && !isChosen;
        if (isDull && (step + component) % DULL_KEPT_EVERY !== 0) continue;
        targets.samples.get(reader.kind(component))?.add({
          ...stakes(label, { wanted, chosen, isChosen, values }),
          features: reader.features(observation, component),
          label,
          gap: opinion.gap,
          copies: isDull ? DULL_KEPT_EVERY : 1,
        });
      }
      targets.cluster.add({ ...UNLABELLED, features: observation.cluster });
      step += 1;
      return chosen;
    },
  });
}

const UNLABELLED: Omit<Sample, 'features'> = { label: NOTHING, stake: 0, gap: 0, regret: 0, copies: 1 };

interface Choices {
  /** By the network. */
  readonly wanted: number;
  /** By whoever repairs. */
  readonly chosen: number;
  /** Whether the latter is about this component. */
  readonly isChosen: boolean;
  readonly values: ReadonlyMap<number, number>;
}

/** What is lost if this component is dealt with in the worst of the ways looked at, and if nothing is done about it. */
function stakes(label: number, { wanted, chosen, isChosen, values }: Choices): Pick<Sample, 'stake' | 'regret'> {
  const value = (choice: number): number => values.get(choice) ?? 0;
  if (label !== NOTHING) {
    const regret = value(wanted) - value(NO_OP);
    return { stake: bounded(value(wanted) - Math.min(value(NO_OP), value(chosen))), regret };
  }
  if (!isChosen) return { stake: 0, regret: 0 };
  return { stake: bounded(Math.max(value(NO_OP), value(wanted)) - value(chosen)), regret: 0 };
}

function bounded(stake: number): number {
  return Math.max(0, Math.min(STAKE_MAX, stake));
}

/** True values of doing nothing and of these choices, over the same dice; empty where all agree to do nothing. */
function valuesOf(lookAhead: LookAhead, choices: readonly number[], steps: number): Map<number, number> {
  const distinct = new Set([NO_OP, ...choices]);
  if (distinct.size === 1) return new Map();
  const rollout = (choice: number) => lookAhead.rollout({ role: 'order', choices: [choice], steps, seed: 0 });
  return new Map([...distinct].map((choice) => [choice, rollout(choice)]));
}
