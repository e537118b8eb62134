/** Records an episode of the small scenario for the replay tests. */
import type { Policy } from '../../src/contract/index.ts';
import { type ContestEnvironment, createEnvironment, type Verdict } from '../../src/environment/index.ts';
import { AgentLibrary, parseRecording, type Recording, recordEpisode, recordingLine } from '../../src/replay/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const library = new AgentLibrary(undefined);

/** The scenario that is recorded. */
export const scenario: Scenario = smallScenario();

/** A fresh environment of the small scenario. */
export function smallEnvironment(): ContestEnvironment {
  return createEnvironment(scenario, { engine: 'flow' });
}

/** A policy by name. */
export function policyOf(name: string, role: 'chaos' | 'order', environment: ContestEnvironment): Policy {
  return library.find(name, role).make({ lookAhead: environment.lookAhead });
}

/** The lines of a recorded episode of monkey against `order`, and its verdict. */
export function recordedLines(options: { seed: number; order?: string; startedAt?: string }): {
  lines: string[];
  verdict: Verdict;
} {
  const environment = smallEnvironment();
  const order = options.order ?? 'runbook';
  const episode = recordEpisode({
    environment,
    scenario,
    engine: 'flow',
    script: false,
    policies: { chaos: policyOf('monkey', 'chaos', environment), order: policyOf(order, 'order', environment) },
    agents: { chaos: 'monkey', order },
    seed: options.seed,
    codeVersion: '0.0.0+test',
    nodeVersion: 'v20',
    startedAt: options.startedAt ?? '2026-01-01T00:00:00.000Z',
  });
  const lines: string[] = [];
  for (;;) {
    const next = episode.next();
    if (next.done) return { lines, verdict: next.value };
    lines.push(recordingLine(next.value));
  }
}

/** The recording in these lines. */
export function recordingOf(lines: readonly string[]): Recording {
  return parseRecording(lines.join(''), { file: 'test.jsonl' });
}
