/** Plays an episode and hands out the recording of it line by line, so that a file can grow with the episode. */

import type { Policy } from '../contract/index.ts';
import type { ContestEnvironment, EngineName, Verdict } from '../environment/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { describeChoice } from './describe-choice.ts';
import { type BothRoles, type EpisodeStep, perRole, playEpisode } from './episode.ts';
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedStep,
  type RecordingEnd,
  type RecordingHeader,
  type TableHashes,
} from './recording.ts';

/** An episode to record, and what its header says about its origin. */
export interface RecorderOptions {
  readonly environment: ContestEnvironment;
  readonly scenario: Scenario;
  readonly engine: EngineName;
  readonly script: boolean;
  readonly policies: BothRoles<Policy>;
  readonly agents: BothRoles<string>;
  readonly seed: number;
  readonly codeVersion: string;
  readonly nodeVersion: string;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
}

/** The parts of a recording in order: one header, steps, one end. Returns the verdict. */
export function* recordEpisode(
  options: RecorderOptions,
): Generator<RecordingHeader | RecordedStep | RecordingEnd, Verdict> {
  const { environment, policies, seed } = options;
  const writer = new StepWriter(environment);
  // The header holds the state right after the reset, which the episode then makes once more.
  environment.reset({ seed });
  yield header(options, writer);
  const episode = playEpisode({ environment, policies, seed });
  for (;;) {
    const next = episode.next();
    if (next.done) {
      yield { verdict: next.value, steps: writer.steps, hash: environment.stateHash() };
      return next.value;
    }
    yield writer.step(next.value);
  }
}

function header(options: RecorderOptions, writer: StepWriter): RecordingHeader {
  const { environment, scenario, engine, script, agents, seed, codeVersion, nodeVersion, startedAt } = options;
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    wallClock: { startedAt },
    codeVersion,
    nodeVersion,
    engine,
    seed,
    script,
    agents,
    specHashes: specHashes(environment),
    hash: environment.stateHash(),
    tables: writer.changedTables(),
    scenario,
  };
}

/** Hashes of both sides' specs, as a header holds them. */
export function specHashes(environment: ContestEnvironment): RecordingHeader['specHashes'] {
  const hashes = (role: 'chaos' | 'order') => {
    const spec = perRole(environment.specs, role);
    return { observation: spec.observation.hash, action: spec.action.hash };
  };
  return { chaos: hashes('chaos'), order: hashes('order') };
}

/** Turns steps into lines, remembering table hashes so that a line holds only those that changed. */
class StepWriter {
  steps = 0;
  readonly #environment: ContestEnvironment;
  #tables: TableHashes = {};

  constructor(environment: ContestEnvironment) {
    this.#environment = environment;
  }

  step({ choices, rewards, info }: EpisodeStep): RecordedStep {
    this.steps += 1;
    const { specs, topology } = this.#environment;
    const actions = {
      chaos: describeChoice(choices.chaos, perRole(specs, 'chaos'), topology),
      order: describeChoice(choices.order, perRole(specs, 'order'), topology),
    };
    const hash = this.#environment.stateHash();
    return { step: this.steps, actions, choices, rewards, info, hash, tables: this.changedTables() };
  }

  changedTables(): TableHashes {
    const now = this.#environment.stateHashes();
    const changed = Object.entries(now).filter(([table, hash]) => this.#tables[table] !== hash);
    this.#tables = now;
    return Object.fromEntries(changed);
  }
}
