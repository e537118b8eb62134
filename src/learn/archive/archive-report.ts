/** The archive as people and other programs read it: names of faults and components, seconds, and how each script fared. */

import { decodeChoice } from '../../contract/index.ts';
import type { FailureScenario } from './failure-space.ts';
import {
  type ArchivedScript,
  type ArchiveTotals,
  learnability,
  type ScriptArchive,
  successRate,
} from './script-archive.ts';

/** One fault of a script. */
export interface ReportedFault {
  /** For instance `service.kill.mild`. */
  readonly verb: string;
  readonly component: string;
  /** Since the contest began. */
  readonly startSeconds: number;
}

/** A kept script and its record. */
export interface ReportedScript extends Pick<ArchivedScript, 'serial' | 'origin' | 'parents' | 'generation'> {
  /** Iteration in which it entered. */
  readonly iteration: number;
  readonly plays: number;
  readonly repaired: number;
  /** Of late, older plays weighing less. */
  readonly successRate: number;
  readonly learnability: number;
  /** Seed of the last episode in which it was left broken. */
  readonly seed: number | null;
  readonly faults: readonly ReportedFault[];
}

/** The kept scripts of every scenario, the most learnable first. */
export interface ArchiveReport {
  readonly iteration: number;
  readonly scenarios: readonly {
    readonly name: string;
    readonly onTrial: number;
    /** What became of all scripts so far. */
    readonly totals: ArchiveTotals;
    readonly scripts: readonly ReportedScript[];
  }[];
}

/** What names a scenario's choices. */
export interface ScenarioNames extends FailureScenario {
  readonly components: readonly string[];
  readonly verbs: readonly string[];
}

/** Describes archives, one per scenario. */
export function reportArchives(
  archives: readonly ScriptArchive[],
  names: readonly ScenarioNames[],
  iteration: number,
): ArchiveReport {
  const scenarios = archives.map((archive, index) => {
    const scenario = names[index]!;
    const scripts = archive.kept.map((script) => reportScript(script, scenario));
    scripts.sort((a, b) => b.learnability - a.learnability || a.serial - b.serial);
    return { name: scenario.name, onTrial: archive.onTrial.length, totals: { ...archive.totals }, scripts };
  });
  return { iteration, scenarios };
}

function reportScript(script: ArchivedScript, scenario: ScenarioNames): ReportedScript {
  const { serial, origin, parents, generation, iteration, plays, repaired, seed } = script;
  const rates = { successRate: successRate(script), learnability: learnability(script) };
  const faults = script.faults.map(({ step, choice }): ReportedFault => {
    const { component, verb } = decodeChoice(choice, scenario.verbs.length)!;
    const moment = scenario.moments.find((each) => each.step >= step);
    return {
      verb: scenario.verbs[verb]!,
      component: scenario.components[component]!,
      startSeconds: moment?.seconds ?? scenario.moments.at(-1)!.seconds,
    };
  });
  return { serial, origin, parents, generation, iteration, plays, repaired, ...rates, seed, faults };
}
