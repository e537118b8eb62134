/**
 * How often an order model names the repair the planner would choose: in episodes that somebody plays, at moments in
 * which the planner would repair something, the model is asked with nothing but the documents of that moment. The planner
 * knows the true state, so it also repairs what no signal shows yet; and several repairs are often as good as each other,
 * so what a repair is worth counts beside its name.
 */

import { hashText } from '../base/index.ts';
import { decodeChoice, encodeChoice, type LookAhead, NO_OP, type Policy } from '../contract/index.ts';
import type { Decision, OrderModel } from '../decide/index.ts';
import type { ContestEnvironment, SituationReport } from '../environment/index.ts';
import { plannerDefaults } from '../policies/index.ts';
import { seatPolicies } from '../replay/index.ts';

/** A repair counts as equally good if it gains at least this share of what the planner's gains over doing nothing. */
const GAIN_SHARE_MIN = 0.9;
/** Futures over which repairs are valued, other ones than the planner searched. */
const FUTURES = 6;
/** Where some component looks this far from healthy, or users suffer, there is something to be seen. */
const ANOMALY_VISIBLE = 0.3;
const TOP = 3;
/** Makes another seed of one. */
const OTHER_DICE = 0x9e3779b9;
/** An alarm that goes on is repeated after so long. */
const REPEAT_SECONDS = 60;

/** Who plays, and how much. */
export interface AgreementOptions {
  readonly model: OrderModel;
  readonly environment: ContestEnvironment;
  readonly chaos: Policy;
  /** Who repairs in the episodes. */
  readonly order: Policy;
  readonly planner: Policy;
  /** The planner once more, to be asked with other dice: how far it agrees with itself. */
  readonly again: Policy;
  readonly episodes: number;
  readonly seed: number;
  /**
   * When model and planner are asked: at every decision, so in all moments in which the planner would repair; or when
   * signals begin to show that users suffer, and a minute later as long as they do.
   */
  readonly moments: 'all' | 'alarms';
}

/** One moment in which the planner would repair something. */
export interface AgreementRow {
  readonly scenario: string;
  readonly planned: string;
  /** What the planner chooses when asked again, with other dice. */
  readonly plannedAgain: string;
  /** What the model advises; `wait` = nothing, `-` = it abstains. */
  readonly advised: string;
  /** Its repairs, most probable first. */
  readonly named: readonly string[];
  /** Whether signals show that something is wrong. */
  readonly visible: boolean;
  /** What the planner's repair gains over doing nothing, in reward. */
  readonly gain: number;
  /** What doing as advised gains, of what the planner's repair gains over doing nothing. */
  readonly advisedGain: number;
  /** The same for its first repair, and for the best of its first three. */
  readonly firstGain: number;
  readonly topGain: number;
}

/** Shares of the moments. */
export interface Agreement {
  readonly moments: number;
  readonly abstained: number;
  readonly waited: number;
  /** The planner names the same repair when asked again. */
  readonly plannerSame: number;
  /** The advice is the planner's repair, by name; so is the first repair named, or one of the first three. */
  readonly adviceSame: number;
  readonly firstSame: number;
  readonly topSame: number;
  /** The advice gains as much; so does the first repair named, or one of the first three. */
  readonly adviceAsGood: number;
  readonly firstAsGood: number;
  readonly topAsGood: number;
  /** What the first repairs named gain in sum, of what the planner's gain; moments with more at stake count more. */
  readonly firstGained: number;
}

/** Plays the episodes, yielding every moment. */
export function* comparePlanner(options: AgreementOptions): Generator<AgreementRow, void> {
  const { environment, chaos, order, planner, again } = options;
  for (let episode = 0; episode < options.episodes; episode += 1) {
    const seed = Number.parseInt(hashText(`planner agreement ${options.seed} ${episode}`).slice(0, 8), 16);
    let { observations, info } = environment.reset({ seed });
    seatPolicies(environment, { chaos, order: again }, (seed ^ OTHER_DICE) >>> 0);
    seatPolicies(environment, { chaos, order: planner }, seed);
    if (order !== planner) seatPolicies(environment, { chaos, order }, seed);
    let silentUntil = 0;
    while (environment.running) {
      const alarmed = usersSuffer(environment.situation().signals);
      if (!alarmed) silentUntil = 0;
      const asks = options.moments === 'all' || (alarmed && info.timeSeconds >= silentUntil);
      if (asks) silentUntil = info.timeSeconds + REPEAT_SECONDS;
      const planned = asks ? planner.act(observations.order!) : NO_OP;
      if (planned !== NO_OP) yield rowOf(options, { planned, plannedAgain: again.act(observations.order!) });
      const repaired = order !== planner || !asks ? order.act(observations.order!) : planned;
      ({ observations, info } = environment.step({ chaos: chaos.act(observations.chaos!), order: repaired }));
    }
  }
}

/** Counts the moments. */
export function agreementOf(rows: readonly AgreementRow[]): Agreement {
  const sum = (value: (row: AgreementRow) => number): number => rows.reduce((total, row) => total + value(row), 0);
  const atStake = ({ gain }: AgreementRow): number => Math.max(0, gain);
  const share = (holds: (row: AgreementRow) => boolean): number => rows.filter(holds).length / Math.max(1, rows.length);
  return {
    moments: rows.length,
    abstained: share(({ advised }) => advised === '-'),
    waited: share(({ advised }) => advised === 'wait'),
    plannerSame: share(({ plannedAgain, planned }) => plannedAgain === planned),
    adviceSame: share(({ advised, planned }) => advised === planned),
    firstSame: share(({ named, planned }) => named[0] === planned),
    topSame: share(({ named, planned }) => named.slice(0, TOP).includes(planned)),
    adviceAsGood: share(({ advisedGain }) => advisedGain >= GAIN_SHARE_MIN),
    firstAsGood: share(({ firstGain }) => firstGain >= GAIN_SHARE_MIN),
    topAsGood: share(({ topGain }) => topGain >= GAIN_SHARE_MIN),
    firstGained: sum((row) => atStake(row) * row.firstGain) / Math.max(1e-9, sum(atStake)),
  };
}

function rowOf(
  { model, environment }: AgreementOptions,
  { planned: chosen, plannedAgain }: { readonly planned: number; readonly plannedAgain: number },
): AgreementRow {
  const { topology, signals } = environment.situation();
  const decision = model.decide(signals, { topology, now: signals.at });
  const choices = decision.repairs.map((repair) => choiceOf(repair, environment));
  const values = new Values(environment.lookAhead, chosen);
  const gains = choices.slice(0, TOP).map((choice) => values.gainShare(choice));
  const first = gains[0] ?? 0;
  return {
    scenario: environment.name,
    planned: nameOf(chosen, environment),
    plannedAgain: nameOf(plannedAgain, environment),
    advised: adviceOf(decision),
    named: decision.repairs.map(({ verb, component }) => `${verb} on ${component}`),
    visible: isVisible(environment, signals),
    gain: values.gain(chosen),
    advisedGain: decision.advice === 'repair' ? first : 0,
    firstGain: first,
    topGain: Math.max(0, ...gains),
  };
}

/** Mean returns of choices over the same futures, chaos silent. */
class Values {
  readonly #lookAhead: LookAhead;
  readonly #chosen: number;
  readonly #known: Map<number, number> = new Map();

  constructor(lookAhead: LookAhead, chosen: number) {
    this.#lookAhead = lookAhead;
    this.#chosen = chosen;
  }

  /** What a choice gains over doing nothing, of what the planner's choice gains; 1 where that gains nothing either. */
  gainShare(choice: number): number {
    if (choice === this.#chosen) return 1;
    const gain = this.gain(this.#chosen);
    const own = this.gain(choice);
    if (gain > 0) return own / gain;
    return own >= gain ? 1 : 0;
  }

  /** Over doing nothing, in reward. */
  gain(choice: number): number {
    return this.#value(choice) - this.#value(NO_OP);
  }

  #value(choice: number): number {
    const known = this.#known.get(choice);
    if (known !== undefined) return known;
    let sum = 0;
    for (let future = 0; future < FUTURES; future += 1) {
      sum += this.#lookAhead.rollout({
        role: 'order',
        choices: [choice],
        steps: plannerDefaults.horizonSteps,
        seed: 1_000_000 + future,
      });
    }
    this.#known.set(choice, sum / FUTURES);
    return sum / FUTURES;
  }
}

function adviceOf({ abstains, advice, repairs }: Decision): string {
  const [first] = repairs;
  if (abstains) return '-';
  return advice === 'wait' || first === undefined ? 'wait' : `${first.verb} on ${first.component}`;
}

function choiceOf(
  repair: { readonly verb: string; readonly component: string },
  environment: ContestEnvironment,
): number {
  const { verbs } = environment.specs.order.action;
  const component = environment.topology.components.findIndex(({ name }) => name === repair.component);
  return encodeChoice({ component, verb: verbs.findIndex(({ name }) => name === repair.verb) }, verbs.length);
}

function nameOf(choice: number, { specs, topology }: ContestEnvironment): string {
  const action = decodeChoice(choice, specs.order.action.verbs.length);
  if (action === undefined) return 'wait';
  return `${specs.order.action.verbs[action.verb]?.name} on ${topology.components[action.component]?.name}`;
}

function isVisible(environment: ContestEnvironment, signals: Signals): boolean {
  const looksIll = environment.topology.components.some((_, id) => environment.anomaly(id) >= ANOMALY_VISIBLE);
  return usersSuffer(signals) || looksIll;
}

type Signals = SituationReport['signals'];

/** Whether signals show that an objective is broken. */
function usersSuffer({ users }: Signals): boolean {
  return users.some(
    ({ successRatio, latencyP99, objective }) =>
      successRatio < objective.successRatio || latencyP99 > objective.latencyP99,
  );
}
