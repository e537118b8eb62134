/** Runs many fuzz cases and puts into words what they found. */

import type { EngineName } from '../../environment/index.ts';
import { createEnvironment } from '../../environment/index.ts';
import { fuzzCase } from './fuzz-case.ts';
import { type PlayedEpisode, playFuzzCase } from './fuzz-episode.ts';
import type { FuzzFailure } from './fuzz-report.ts';
import { describeStep } from './fuzz-step.ts';
import { shrink } from './shrink.ts';

export interface FuzzOptions {
  readonly engine: EngineName;
  /** Seeds from the first one on. */
  readonly firstSeed: number;
  readonly episodes: number;
  /** Called after each episode. */
  readonly onEpisode?: (outcome: { readonly seed: number; readonly steps: number }) => void;
}

/** What a run of the fuzz did and found. */
export interface FuzzSummary {
  readonly episodes: number;
  readonly steps: number;
  /** Documents that the reader refused, by its complaint; others were drawn in their place. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failures: readonly FuzzFailure[];
}

/** Plays cases one after another; a failure ends its episode, not the run. */
export function runFuzz(options: FuzzOptions): FuzzSummary {
  const failures: FuzzFailure[] = [];
  const refused: Record<string, number> = {};
  let steps = 0;
  for (let seed = options.firstSeed; seed < options.firstSeed + options.episodes; seed += 1) {
    const outcome = playSeed(options.engine, seed, (code) => {
      refused[code] = (refused[code] ?? 0) + 1;
    });
    steps += outcome.steps;
    if (outcome.failure !== null) failures.push(outcome.failure);
    options.onEpisode?.({ seed, steps: outcome.steps });
  }
  return { episodes: options.episodes, steps, refused, failures };
}

/** A failure with the fewest moves that show it, in words. */
export interface ShrunkFailure extends FuzzFailure {
  /** Steps with something done in them. */
  readonly moves: readonly string[];
}

/** Plays one case and, when it fails, thins it out; null = nothing failed. */
export function shrinkFuzz(engine: EngineName, seed: number): ShrunkFailure | null {
  const of = fuzzCase(engine, seed);
  const played = playFuzzCase(of);
  if (played.failure === null) return null;
  const shrunk = shrink(of, played);
  return { ...(shrunk.failure ?? played.failure), moves: movesInWords(of, shrunk) };
}

function playSeed(
  engine: EngineName,
  seed: number,
  onRefused: (code: string) => void,
): Pick<PlayedEpisode, 'steps' | 'failure'> {
  try {
    return playFuzzCase(fuzzCase(engine, seed, onRefused));
  } catch (error) {
    // The reader itself failed, or refused everything.
    const check = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { steps: 0, failure: { engine, seed, step: 0, check, what: 'while the scenario was read' } };
  }
}

function movesInWords(of: ReturnType<typeof fuzzCase>, { moves }: PlayedEpisode): string[] {
  const environment = createEnvironment(of.scenario, { engine: of.engine });
  return moves.flatMap((move, step) => {
    const words = describeStep(move, environment);
    return words.length === 0 ? [] : [`step ${step}: ${words.join('; ')}`];
  });
}
