/**
 * A toy contest of many components: chaos breaks them in one of several ways, order must choose the repair that fits.
 * It has the learner's sizes of a real contest at almost no cost, for measuring the learner and testing both roles.
 */

import { assert, DeeplOpsError, hashWords, RandomStream } from '../../base/index.ts';
import type {
  Environment,
  EnvironmentSnapshot,
  Observation,
  PerRole,
  ResetResult,
  RoleSpec,
  StepResult,
  Topology,
} from '../../contract/index.ts';
import { actionSpec, decodeChoice, observationSpec } from '../../contract/index.ts';
import type { EpisodeInfo } from './vector-adapter.ts';

/** Sizes of the toy contest. */
export interface EntitiesOptions {
  readonly components: number;
  readonly features: number;
  readonly verbs: number;
  /** Verbs legal on a component at a time. */
  readonly legalVerbs: number;
  readonly episodeSteps: number;
}

const ROLES = ['chaos', 'order'];
const ACTIVE_MAX = 4;
const NOISE_PERIOD = 17;

/** The environment; `features` must exceed `verbs`. */
export function createEntitiesEnvironment(options: EntitiesOptions): Environment<EpisodeInfo> {
  return new EntitiesEnvironment(options);
}

class EntitiesEnvironment implements Environment<EpisodeInfo> {
  readonly name = 'entities';
  readonly roles: readonly string[] = ROLES;
  readonly topology: Topology;
  readonly specs: PerRole<RoleSpec>;
  readonly #options: EntitiesOptions;
  /** By component: 0 whole, else 1 + the way it is broken; then step, running, broken component-steps, noise phase. */
  readonly #state: Float64Array;
  readonly #observations: Record<string, Observation> = {};

  constructor(options: EntitiesOptions) {
    assert(options.features > options.verbs, 'each way of breaking needs a feature of its own');
    this.#options = options;
    const { components, features, verbs } = options;
    const ids = Array.from({ length: components }, (_, index) => index);
    this.topology = {
      components: ids.map((id) => ({ kind: 'thing', name: `thing-${id}` })),
      dependencies: ids.map(() => []),
      dependents: ids.map(() => []),
    };
    this.specs = { chaos: roleSpec(features, verbs), order: roleSpec(features, verbs) };
    this.#state = new Float64Array(components + 4);
    for (const role of ROLES) {
      this.#observations[role] = {
        components: new Float32Array(components * features),
        cluster: new Float32Array(2),
        critic: new Float32Array(2),
        mask: new Uint8Array(components * verbs + 1),
      };
    }
  }

  reset({ seed }: { readonly seed: number }): ResetResult<EpisodeInfo> {
    this.#state.fill(0);
    this.#state[this.#options.components + 3] = new RandomStream(seed, 'entities').integer(NOISE_PERIOD);
    this.#state[this.#options.components + 1] = 1;
    return this.#result();
  }

  step(choices: PerRole<number>): StepResult<EpisodeInfo> {
    const { components, verbs, episodeSteps } = this.#options;
    const state = this.#state;
    if (state[components + 1] !== 1) throw new DeeplOpsError('RESET_NEEDED', 'the episode is over');
    for (const role of ROLES) {
      const choice = choices[role];
      if (choice === undefined || this.#observations[role]!.mask[choice] !== 1) {
        throw new DeeplOpsError('ACTION_INVALID', `choice ${choice} of ${role} is not legal here`);
      }
    }
    const fault = decodeChoice(choices.chaos!, verbs);
    const repair = decodeChoice(choices.order!, verbs);
    if (repair !== undefined && state[repair.component] === 1 + repair.verb) state[repair.component] = 0;
    if (fault !== undefined) state[fault.component] = 1 + fault.verb;
    const broken = this.#broken();
    state[components + 2] = state[components + 2]! + broken;
    state[components] = state[components]! + 1;
    const terminated = state[components] >= episodeSteps;
    if (terminated) state[components + 1] = 0;
    const loss = broken / ACTIVE_MAX;
    const rewards = { chaos: loss, order: -loss - (repair === undefined ? 0 : 0.02) };
    return { ...this.#result(), rewards, terminated, truncated: false, elapsedSeconds: 5 };
  }

  snapshot(): EnvironmentSnapshot {
    return { state: this.#state.slice().buffer };
  }

  restore(snapshot: EnvironmentSnapshot): ResetResult<EpisodeInfo> {
    this.#state.set(new Float64Array(snapshot.state));
    return this.#result();
  }

  stateHash(): string {
    return hashWords(new Uint32Array(this.snapshot().state));
  }

  #broken(): number {
    let broken = 0;
    for (let component = 0; component < this.#options.components; component++) {
      if (this.#state[component]! > 0) broken++;
    }
    return broken;
  }

  #result(): ResetResult<EpisodeInfo> {
    for (const role of ROLES) this.#observe(role, this.#observations[role]!);
    const { components, episodeSteps } = this.#options;
    const brokenMean = this.#state[components + 2]! / episodeSteps;
    const summary = { repaired: brokenMean < 1 ? 1 : 0, brokenMean };
    return { observations: this.#observations, info: { summary } };
  }

  /** A broken component shows which way it is broken among noise; the legal verbs hold the right one. */
  #observe(role: string, { components, cluster, critic, mask }: Observation): void {
    const { components: count, features, verbs, legalVerbs } = this.#options;
    const state = this.#state;
    const broken = this.#broken();
    const maySpend = role === 'order' || broken < ACTIVE_MAX;
    mask.fill(0);
    mask[0] = 1;
    for (let component = 0; component < count; component++) {
      const start = component * features;
      components.fill(0, start, start + features);
      const way = state[component]! - 1;
      if (way >= 0) components[start + way] = 1;
      components[start + verbs] =
        ((component * 5 + state[count]! * 3 + state[count + 3]!) % NOISE_PERIOD) / NOISE_PERIOD;
      if (!maySpend || (role === 'chaos' && way >= 0)) continue;
      const firstVerb = way >= 0 ? way : component;
      for (let legal = 0; legal < legalVerbs; legal++)
        mask[1 + component * verbs + ((firstVerb + legal * 3) % verbs)] = 1;
    }
    cluster[0] = broken / ACTIVE_MAX;
    cluster[1] = role === 'chaos' ? state[count]! / this.#options.episodeSteps : 0;
    critic[0] = cluster[0];
    critic[1] = state[count]! / this.#options.episodeSteps;
  }
}

function roleSpec(features: number, verbs: number): RoleSpec {
  const feature = (name: string) => ({ name, unit: '1', meaning: name });
  const named = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => feature(`${name}${index}`));
  return {
    observation: observationSpec({
      componentFeatures: named(features, 'feature'),
      clusterFeatures: named(2, 'cluster'),
      criticFeatures: named(2, 'critic'),
    }),
    action: actionSpec(named(verbs, 'verb').map(({ name, meaning }) => ({ name, target: 'thing', meaning }))),
  };
}
