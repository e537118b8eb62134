/** Runs a recording again with the recorded choices and stops at the first step that differs from it. */

import type { Observation, PerRole, StepResult } from '../contract/index.ts';
import type { ContestEnvironment, ContestInfo } from '../environment/index.ts';
import { checkCompatible } from './compatibility.ts';
import { describeChoice } from './describe-choice.ts';
import { type BothRoles, perRole, ROLES } from './episode.ts';
import type { RecordedStep, RecordingEnd, RecordingSource, TableHashes } from './recording.ts';

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

/** Yields each step that is found equal, and reads no further until asked; returns the outcome. */
export async function* verifyRecording(
  recording: RecordingSource,
  environment: ContestEnvironment,
): AsyncGenerator<RecordedStep, Verification> {
  const { header } = recording;
  checkCompatible(header, environment);
  const comparison = new Comparison(environment, header.tables);
  let { observations } = environment.reset({ seed: header.seed });
  let divergence = comparison.state(0, header.hash);
  let over = false;
  let count = 0;
  if (divergence) return { same: false, divergence };
  for await (const recorded of recording.steps) {
    divergence = over ? overAlready(recorded) : comparison.beforeStep(recorded, observations);
    if (divergence) return { same: false, divergence };
    const result = environment.step(recorded.choices);
    observations = result.observations;
    over = result.terminated || result.truncated;
    divergence = comparison.afterStep(recorded, result);
    if (divergence) return { same: false, divergence };
    count += 1;
    yield recorded;
  }
  const { end } = recording;
  divergence = end === null ? undefined : comparison.end(count, end, over);
  return divergence ? { same: false, divergence } : { same: true, steps: count, complete: end !== null };
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

  end(step: number, end: RecordingEnd, over: boolean): Divergence | undefined {
    if (!over) return { step, part: 'end', expected: 'the episode is over', actual: 'it goes on', tables: [] };
    return differing({ step, part: 'end' }, end.verdict, this.#lastInfo?.verdict);
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
