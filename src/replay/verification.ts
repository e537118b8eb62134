/** Runs a recording again with the recorded choices and stops at the first step that differs from it. */

import { DeeplOpsError } from '../base/index.ts';
import type { Observation, PerRole, StepResult } from '../contract/index.ts';
import type { ContestEnvironment, ContestInfo } from '../environment/index.ts';
import { describeChoice } from './describe-choice.ts';
import { type BothRoles, perRole, ROLES } from './episode.ts';
import { specHashes } from './recorder.ts';
import type { RecordedStep, Recording, TableHashes } from './recording.ts';

/** What may differ: an action's words, its legality, the state, a reward, what was reported, or the end. */
export type DivergingPart = 'action' | 'mask' | 'state' | 'reward' | 'info' | 'end';

/** The first difference. Step 0 is the reset. */
export interface Divergence {
  readonly step: number;
  readonly part: DivergingPart;
  readonly expected: string;
  readonly actual: string;
  /** Tables of the state that differ, for `state`. */
  readonly tables: readonly string[];
}

/** How running a recording again went. */
export type Verification =
  | { readonly same: true; readonly steps: number; readonly complete: boolean }
  | { readonly same: false; readonly divergence: Divergence };

/** Yields the number of each step that is found equal; returns the outcome. */
export function* verifyRecording(
  recording: Recording,
  environment: ContestEnvironment,
): Generator<number, Verification> {
  const { header, steps, end } = recording;
  checkSpecs(recording, environment);
  const comparison = new Comparison(environment, header.tables);
  let { observations } = environment.reset({ seed: header.seed });
  let divergence = comparison.state(0, header.hash);
  let over = false;
  for (const recorded of steps) {
    if (divergence) break;
    divergence = over ? overAlready(recorded) : comparison.beforeStep(recorded, observations);
    if (divergence) break;
    const result = environment.step(recorded.choices);
    observations = result.observations;
    over = result.terminated || result.truncated;
    divergence = comparison.afterStep(recorded, result);
    if (!divergence) yield recorded.step;
  }
  if (!divergence && end) divergence = comparison.end(recording, over);
  return divergence ? { same: false, divergence } : { same: true, steps: steps.length, complete: end !== null };
}

/** A recording of other features or actions cannot be run: its choices would mean something else. */
function checkSpecs({ header }: Recording, environment: ContestEnvironment): void {
  if (JSON.stringify(header.specHashes) === JSON.stringify(specHashes(environment))) return;
  const message = `this program has other features or actions than ${header.codeVersion}, which wrote the recording`;
  throw new DeeplOpsError('RECORDING_VERSION', message);
}

function overAlready({ step }: RecordedStep): Divergence {
  return { step, part: 'end', expected: 'a further step', actual: 'the episode is over', tables: [] };
}

/** Compares recorded steps with what the environment does now. */
class Comparison {
  readonly #environment: ContestEnvironment;
  #tables: TableHashes;
  #lastInfo: ContestInfo | undefined;

  constructor(environment: ContestEnvironment, tables: TableHashes) {
    this.#environment = environment;
    this.#tables = tables;
  }

  /** Whether the recorded choices are what their words say, and legal now. */
  beforeStep(recorded: RecordedStep, observations: PerRole<Observation>): Divergence | undefined {
    const { step, choices, actions } = recorded;
    const { specs, topology } = this.#environment;
    for (const role of ROLES) {
      const words = describeChoice(choices[role], perRole(specs, role), topology);
      if (words !== actions[role]) {
        return { step, part: 'action', expected: `${role}: ${actions[role]}`, actual: `${role}: ${words}`, tables: [] };
      }
      if (perRole(observations, role).mask[choices[role]] === 1) continue;
      return { step, part: 'mask', expected: `${role}: ${words}`, actual: `${role}: not legal now`, tables: [] };
    }
    return undefined;
  }

  afterStep(recorded: RecordedStep, result: StepResult<ContestInfo>): Divergence | undefined {
    this.#tables = { ...this.#tables, ...recorded.tables };
    this.#lastInfo = result.info;
    const { step } = recorded;
    return (
      this.state(step, recorded.hash) ??
      differing({ step, part: 'reward' }, recorded.rewards, rewardsOf(result)) ??
      differing({ step, part: 'info' }, recorded.info, result.info)
    );
  }

  state(step: number, expected: string): Divergence | undefined {
    const actual = this.#environment.stateHash();
    if (actual === expected) return undefined;
    const now = this.#environment.stateHashes();
    const names = [...new Set([...Object.keys(this.#tables), ...Object.keys(now)])];
    return { step, part: 'state', expected, actual, tables: names.filter((name) => now[name] !== this.#tables[name]) };
  }

  end({ steps, end }: Recording, over: boolean): Divergence | undefined {
    const step = steps.length;
    if (!over) return { step, part: 'end', expected: 'the episode is over', actual: 'it goes on', tables: [] };
    return differing({ step, part: 'end' }, end?.verdict, this.#lastInfo?.verdict);
  }
}

function rewardsOf(result: StepResult<ContestInfo>): BothRoles<number> {
  return { chaos: perRole(result.rewards, 'chaos'), order: perRole(result.rewards, 'order') };
}

/** Compares values as the JSON they are recorded in. */
function differing(
  at: { readonly step: number; readonly part: DivergingPart },
  recorded: unknown,
  now: unknown,
): Divergence | undefined {
  const [expected, actual] = [JSON.stringify(recorded), JSON.stringify(now)];
  return expected === actual ? undefined : { ...at, expected, actual, tables: [] };
}
