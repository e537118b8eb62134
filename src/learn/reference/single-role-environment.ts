/** A classic one-agent environment in this project's terms: mostly one component, a verb per action, the no-op masked out. */

import { assert, DeeplOpsError, hashWords, RandomStream } from '../../base/index.ts';
import type {
  Environment,
  EnvironmentSnapshot,
  Observation,
  ResetResult,
  StepResult,
  Topology,
} from '../../contract/index.ts';
import { actionSpec, NO_OP, observationSpec } from '../../contract/index.ts';
import type { EpisodeInfo } from './vector-adapter.ts';

/** The one role of these environments. */
export const AGENT_ROLE = 'agent';

/** How a step went. */
export interface DynamicsStep {
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Simulated seconds the step took; 1 where left out. */
  readonly seconds?: number;
}

/** The physics of an environment over a state of `stateSize` numbers. */
export interface Dynamics {
  readonly name: string;
  readonly features: readonly string[];
  readonly verbs: readonly string[];
  readonly stateSize: number;
  /** What each component depends on; left out, there is one component, on its own. */
  readonly dependencies?: readonly (readonly number[])[];
  /** No episode has more steps. */
  readonly stepsMax: number;
  start(state: Float64Array, stream: RandomStream): void;
  /** `verb` counts through the verbs of all components, one component after the other. */
  apply(state: Float64Array, verb: number, stream: RandomStream): DynamicsStep;
  observe(state: Float64Array, features: Float32Array): void;
  /** Sets which verbs are legal; all of them where this is left out. */
  legal?(state: Float64Array, mask: Uint8Array): void;
}

/** An environment of one role around some physics. */
export function createSingleRoleEnvironment(dynamics: Dynamics): Environment<EpisodeInfo> {
  return new SingleRoleEnvironment(dynamics);
}

class SingleRoleEnvironment implements Environment<EpisodeInfo> {
  readonly name: string;
  readonly roles: readonly string[] = [AGENT_ROLE];
  readonly topology: Topology;
  readonly specs: Environment['specs'];
  readonly #dynamics: Dynamics;
  readonly #state: Float64Array;
  readonly #stream: RandomStream = new RandomStream(0, 'reference environment');
  readonly #observation: Observation;
  #running = false;
  #episodeReturn = 0;
  #steps = 0;

  constructor(dynamics: Dynamics) {
    this.name = dynamics.name;
    this.#dynamics = dynamics;
    this.#state = new Float64Array(dynamics.stateSize);
    this.topology = topologyOf(dynamics.dependencies ?? [[]]);
    const count = this.topology.components.length;
    const feature = (name: string) => ({ name, unit: '1', meaning: name });
    const observation = observationSpec({
      componentFeatures: dynamics.features.map(feature),
      clusterFeatures: [feature('constant')],
      criticFeatures: [feature('constant')],
    });
    const action = actionSpec(dynamics.verbs.map((name) => ({ name, target: 'thing', meaning: name })));
    this.specs = { [AGENT_ROLE]: { observation, action } };
    this.#observation = {
      components: new Float32Array(count * dynamics.features.length),
      cluster: new Float32Array(1),
      critic: new Float32Array(1),
      mask: new Uint8Array(count * dynamics.verbs.length + 1),
    };
  }

  reset({ seed }: { readonly seed: number }): ResetResult<EpisodeInfo> {
    this.#stream.load(new RandomStream(seed, this.name).save());
    this.#dynamics.start(this.#state, this.#stream);
    this.#running = true;
    this.#episodeReturn = 0;
    this.#steps = 0;
    return this.#result();
  }

  step(choices: Readonly<Record<string, number>>): StepResult<EpisodeInfo> {
    if (!this.#running) throw new DeeplOpsError('RESET_NEEDED', 'the episode is over');
    const choice = choices[AGENT_ROLE];
    if (choice === undefined || this.#observation.mask[choice] !== 1) {
      throw new DeeplOpsError('ACTION_INVALID', `choice ${choice} is not legal here`);
    }
    assert(choice !== NO_OP, 'the no-op is masked out');
    const { reward, terminated, truncated, seconds } = this.#dynamics.apply(this.#state, choice - 1, this.#stream);
    this.#running = !terminated && !truncated;
    this.#episodeReturn += reward;
    this.#steps++;
    const ending = { terminated, truncated, elapsedSeconds: seconds ?? 1 };
    return { ...this.#result(), rewards: { [AGENT_ROLE]: reward }, ...ending };
  }

  snapshot(): EnvironmentSnapshot {
    const own = [this.#running ? 1 : 0, this.#episodeReturn, this.#steps, ...this.#stream.save()];
    return { state: Float64Array.from([...own, ...this.#state]).buffer };
  }

  restore(snapshot: EnvironmentSnapshot): ResetResult<EpisodeInfo> {
    const values = new Float64Array(snapshot.state);
    const streamEnd = values.length - this.#state.length;
    this.#running = values[0] === 1;
    this.#episodeReturn = values[1]!;
    this.#steps = values[2]!;
    this.#stream.load([...values.subarray(3, streamEnd)]);
    this.#state.set(values.subarray(streamEnd));
    return this.#result();
  }

  stateHash(): string {
    return hashWords(new Uint32Array(this.snapshot().state));
  }

  #result(): ResetResult<EpisodeInfo> {
    const { components, mask, cluster, critic } = this.#observation;
    this.#dynamics.observe(this.#state, components);
    mask.fill(1);
    mask[0] = 0;
    this.#dynamics.legal?.(this.#state, mask.subarray(1));
    cluster[0] = 1;
    critic[0] = 1;
    const summary = { episodeReturn: this.#episodeReturn, steps: this.#steps };
    return { observations: { [AGENT_ROLE]: this.#observation }, info: { summary } };
  }
}

function topologyOf(dependencies: readonly (readonly number[])[]): Topology {
  const components = dependencies.map((_, id) => ({ kind: 'thing', name: `thing-${id}` }));
  const dependents = components.map((_, id) => {
    return dependencies.flatMap((list, other) => (list.includes(id) ? [other] : []));
  });
  return { components, dependencies, dependents };
}
