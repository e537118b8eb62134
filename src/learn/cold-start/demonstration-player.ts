/** Plays planned episodes, whichever worker does it, and has the demonstrator's decisions written into the store. */

import { assert, pow, RandomStream } from '../../base/index.ts';
import type { Observation, Policy, VectorEnvironment } from '../../contract/index.ts';
import { createNeuralPolicy } from '../../policies/index.ts';
import { viewObservation } from '../observation-view.ts';
import type { RunDimensions } from '../run-dimensions.ts';
import type { LearningTask } from '../task.ts';
import { createTask } from '../task-catalogue.ts';
import { roleSettings, type TrainSettings } from '../train-settings.ts';
import type { ColdStartSettings } from './cold-start-settings.ts';
import { environmentOf, graphOfEpisode } from './demonstration-graphs.ts';
import type { PlannedEpisode } from './demonstration-plan.ts';
import type { PlayedDemonstrations, Player, RecordedEpisode } from './demonstrations.ts';
import type { EpisodeWriter } from './episode-writer.ts';

/** What a player is made of. */
export interface DemonstrationPlayerParts {
  readonly task: LearningTask;
  readonly settings: TrainSettings;
  readonly coldStart: Pick<ColdStartSettings, 'askedShare' | 'askedShareLosing'>;
  readonly dimensions: RunDimensions;
  /** The role that is shown how. */
  readonly role: string;
  readonly plan: readonly PlannedEpisode[];
  readonly writer: EpisodeWriter;
  /** A policy that plays as the learner does now. */
  learner(): Policy;
}

/** An environment with everybody in their seats. */
interface Stage {
  readonly task: LearningTask;
  readonly environment: VectorEnvironment;
  readonly policies: Readonly<Record<string, Policy>>;
  /** Who plays in the demonstrator's place, and draws at which decisions that one is asked. */
  readonly standIn: { readonly policy: Policy; readonly asked: RandomStream } | undefined;
  readonly stepsMax: number;
}

/** Plays episodes of a plan. */
export class DemonstrationPlayer {
  readonly #parts: DemonstrationPlayerParts;
  /** Of the run's task, by number. */
  readonly #environments: Map<number, VectorEnvironment> = new Map();
  /** Whether the last step of the episode lost reward. */
  #losing = false;

  constructor(parts: DemonstrationPlayerParts) {
    this.#parts = parts;
  }

  /** Plays the episode at this position of the plan. */
  play(index: number): void {
    const { plan, role, writer, settings } = this.#parts;
    const episode = plan[index]!;
    const stage = this.#setUp(index, episode);
    const { environment, task } = stage;
    environment.resetOne(0, episode.seed);
    task.onLearner?.(environment, role);
    this.#seat(stage, episode.seed);
    writer.begin(index, {
      weight: episode.source.weight,
      actionsOnly: episode.source.actionsOnly ?? false,
      graph: graphOfEpisode(index, episode, settings.environments),
      stream: new RandomStream(settings.seed, `kept ${role} ${index}`),
    });
    const { discount } = roleSettings(settings, role);
    const observations = this.#observations(environment);
    this.#losing = false;
    for (let step = 0; step < stage.stepsMax && !isOver(environment); step++) {
      environment.step(this.#choose(stage, observations));
      const decisions = environment.elapsedSeconds[0]! / task.decisionSeconds[role]!;
      const reward = environment.buffers[role]!.rewards[0]!;
      writer.reward(reward, pow(discount, decisions));
      this.#losing = reward < 0;
    }
    writer.finish(environment.terminated[0] === 1);
  }

  #choose(stage: Stage, observations: Readonly<Record<string, Observation>>): Record<string, Int32Array> {
    const { environment, policies, standIn } = stage;
    const { role, writer } = this.#parts;
    const choices: Record<string, Int32Array> = {};
    for (const [name, policy] of Object.entries(policies)) {
      if (name !== role || this.#asks(stage)) choices[name] = Int32Array.of(policy.act(observations[name]!));
    }
    const shown = choices[role]?.[0];
    if (shown === undefined) writer.pass();
    else writer.decide(environment, shown);
    if (standIn === undefined) return choices;
    const played = standIn.policy.act(observations[role]!);
    if (played !== shown) policies[role]!.overruled?.(played);
    return { ...choices, [role]: Int32Array.of(played) };
  }

  /** One that keeps track of what it wanted and what came instead has to be there all the time. */
  #asks({ standIn, policies }: Stage): boolean {
    const { role, coldStart } = this.#parts;
    if (standIn === undefined || policies[role]!.overruled !== undefined) return true;
    return standIn.asked.uniform() < (this.#losing ? coldStart.askedShareLosing : coldStart.askedShare);
  }

  #setUp(index: number, { round, source, position }: PlannedEpisode): Stage {
    if (source.kind === 'recorded') return recordedStage(source.episodes[position]!);
    const { task, role, settings } = this.#parts;
    const environment = this.#environment(index);
    const policies: Record<string, Policy> = {};
    for (const name of task.roles) {
      const player = name === role ? source.demonstrator : (source.against ?? task.scripts[name]?.[0]);
      assert(player !== undefined, `nobody plays ${name} in the demonstrations`);
      policies[name] = policyOf(player, task, environment);
    }
    const asked = new RandomStream(settings.seed, `asked ${role} ${index}`);
    const policy = this.#standIn(round, source, environment);
    const standIn = policy === undefined ? undefined : { policy, asked };
    return { task, environment, policies, standIn, stepsMax: task.episodeStepsMax };
  }

  /** Undefined where the demonstrator plays itself. */
  #standIn(
    round: number,
    { demonstrator, playedBy }: PlayedDemonstrations,
    environment: VectorEnvironment,
  ): Policy | undefined {
    if (playedBy === demonstrator) return undefined;
    if (playedBy !== undefined) return policyOf(playedBy, this.#parts.task, environment);
    const { settings, role } = this.#parts;
    return round > 1 || settings.startFrom[role] !== undefined ? this.#parts.learner() : undefined;
  }

  #seat({ environment, policies, standIn }: Stage, seed: number): void {
    const topology = environment.topologyOf(0);
    const context = (role: string) => ({ role, topology, spec: environment.specs[role]!, seed });
    for (const [role, policy] of Object.entries(policies)) policy.reset(context(role));
    standIn?.policy.reset(context(this.#parts.role));
  }

  /** Demonstrations are spread over the environments of the run. */
  #environment(index: number): VectorEnvironment {
    const { task, settings } = this.#parts;
    const first = environmentOf(index, settings.environments);
    const environment = this.#environments.get(first) ?? task.createEnvironment({ first, size: 1 });
    this.#environments.set(first, environment);
    return environment;
  }

  #observations(environment: VectorEnvironment): Record<string, Observation> {
    const { roles } = this.#parts.dimensions;
    return Object.fromEntries(roles.map((role) => [role.role, viewObservation(environment, role, 0)]));
  }
}

function policyOf(player: Player, task: LearningTask, environment: VectorEnvironment): Policy {
  return typeof player === 'string' ? task.createOpponent(player, environment) : createNeuralPolicy(player);
}

/** Everybody plays what was recorded. */
function recordedStage({ task: description, choices }: RecordedEpisode): Stage {
  const task = createTask(description);
  const environment = task.createEnvironment({ first: 0, size: 1 });
  const stepsMax = Math.max(...Object.values(choices).map((list) => list.length));
  const policies = Object.fromEntries(task.roles.map((role) => [role, recordedPolicy(choices[role]!)]));
  return { task, environment, policies, standIn: undefined, stepsMax };
}

function recordedPolicy(choices: readonly number[]): Policy {
  let next = 0;
  return {
    name: 'recorded',
    reset(): void {
      next = 0;
    },
    act(): number {
      return choices[next++]!;
    },
  };
}

function isOver({ terminated, truncated }: VectorEnvironment): boolean {
  return terminated[0] === 1 || truncated[0] === 1;
}
