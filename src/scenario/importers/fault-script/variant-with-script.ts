/** Writes faults as the script of a scenario that extends another one. */
import { DeeplOpsError } from '../../../base/index.ts';
import type { ScriptedFaultSection } from '../../document.ts';
import { variantToYaml, type YamlComment } from '../../scenario-to-yaml.ts';
import { tidyLines } from '../tidy-lines.ts';
import type { BaseSystem } from './base-system.ts';
import { type CompleteFault, checkedFaults } from './checked-faults.ts';
import type { FaultTimeline } from './fault-draft.ts';

/** What an import of faults gave, for people to check. */
export interface FaultReport {
  /** Each fault in words. */
  readonly faults: readonly string[];
  /** Where a fault is not quite what the experiment says. */
  readonly approximated: readonly string[];
  /** What has no counterpart. */
  readonly notImported: readonly string[];
}

/** A variant, and the report. */
export interface FaultImportResult {
  readonly yaml: string;
  readonly report: FaultReport;
}

/** What the variant is and extends. */
export interface VariantOptions {
  readonly base: BaseSystem;
  /** As the variant refers to its base. */
  readonly extends: string;
  readonly name: string;
  /** For instance `Chaos Mesh experiments`. */
  readonly origin: string;
  readonly schema?: string;
}

/** Longest episode, as the scenario format allows. */
const EPISODE_SECONDS_MAX = 86_400;
/** Remarks of one sort that the head of a file lists. */
const LISTED_MAX = 200;

/** Throws MANIFEST_NO_FAULT when nothing can be done in the scenario. */
export function variantWithScript(timeline: FaultTimeline, options: VariantOptions): FaultImportResult {
  const { base } = options;
  const checked = checkedFaults(timeline, base);
  const latest = EPISODE_SECONDS_MAX - base.scenario.contest.warmUpSeconds - base.scenario.contest.recoverySeconds;
  const faults = checked.faults.filter(({ startSeconds }) => startSeconds < latest);
  const late = checked.faults.length - faults.length;
  const notImported = [...checked.refused, ...(late > 0 ? [`${late} faults would start after more than a day`] : [])];
  if (faults.length === 0) throw nothingLeft(notImported);
  const contestSeconds = Math.min(latest, neededSeconds(faults, base));
  const totalSeconds = contestSeconds + base.scenario.contest.recoverySeconds;
  const report: FaultReport = {
    faults: faults.map((fault) => inWords(fault)),
    approximated: tidyLines([...remarks(faults), ...overlaps(faults)]),
    notImported: tidyLines(notImported),
  };
  const script = faults.map((fault) => sectionOf(fault, totalSeconds));
  const isLonger = contestSeconds > base.contestSeconds;
  const document = {
    extends: options.extends,
    name: options.name,
    description: `Faults of ${options.origin}.`,
    ...(isLonger ? { contest: { duration: secondsText(contestSeconds) } } : {}),
    script,
  };
  const comments: YamlComment[] = faults.map((fault, index) => ({ path: ['script', index], text: commentOf(fault) }));
  if (isLonger)
    comments.push({ path: ['contest', 'duration'], text: 'longer than before, so that the whole script fits' });
  const header = headerOf(options.origin, report);
  const schema = options.schema === undefined ? {} : { schema: options.schema };
  return { yaml: variantToYaml(document, { ...schema, header, comments }), report };
}

function nothingLeft(reasons: readonly string[]): DeeplOpsError {
  const shown = reasons.slice(0, 5).join('\n');
  const more = reasons.length > 5 ? `\nand ${reasons.length - 5} more` : '';
  return new DeeplOpsError('MANIFEST_NO_FAULT', 'nothing in these files can be done to this scenario', {
    hint: shown === '' ? 'Give files with experiments that do something.' : `${shown}${more}`,
  });
}

/** The contest lasts as long as it did, or until the last fault is over. */
function neededSeconds(faults: readonly CompleteFault[], base: BaseSystem): number {
  const ends = faults.map(({ startSeconds, durationSeconds }) => startSeconds + (durationSeconds ?? 1));
  return Math.max(base.contestSeconds, Math.ceil(Math.max(...ends)));
}

function sectionOf(fault: CompleteFault, totalSeconds: number): ScriptedFaultSection {
  const { target, severity, startSeconds, durationSeconds, peer, direction, mode, value, parameters } = fault;
  return {
    fault: fault.fault,
    target,
    severity,
    start: secondsText(startSeconds),
    duration: secondsText(durationSeconds ?? totalSeconds - startSeconds),
    ...(peer === undefined ? {} : { peer }),
    ...(direction === undefined ? {} : { direction }),
    ...(mode === undefined ? {} : { mode }),
    ...(value === undefined ? {} : { value }),
    ...(parameters === undefined ? {} : { parameters: { ...parameters } }),
  };
}

function secondsText(seconds: number): string {
  return `${seconds}s`;
}

function inWords({ fault, target, peer, startSeconds, durationSeconds, source }: CompleteFault): string {
  const until = durationSeconds === null ? 'to the end' : `for ${secondsText(durationSeconds)}`;
  const between = peer === undefined ? '' : ` with ${peer}`;
  return `at ${secondsText(startSeconds)} ${fault} on ${target}${between} ${until}: ${source}`;
}

function commentOf(fault: CompleteFault): string {
  const notes = notesOf(fault);
  return notes.length === 0 ? fault.source : `${fault.source}\nnot quite: ${notes.join('; ')}`;
}

function notesOf({ notes, durationSeconds }: CompleteFault): string[] {
  return [...(notes ?? []), ...(durationSeconds === null ? ['it has no duration, so it lasts to the end'] : [])];
}

function remarks(faults: readonly CompleteFault[]): string[] {
  const found = faults.flatMap((fault) => notesOf(fault).map((note) => `${fault.source}: ${fault.fault}: ${note}`));
  return [...new Set(found)];
}

/** A component can have a fault of one kind at a time; a second one that is due meanwhile is skipped. */
function overlaps(faults: readonly CompleteFault[]): string[] {
  const busyUntil = new Map<string, number>();
  return faults.flatMap(({ fault, target, startSeconds, durationSeconds, source }) => {
    const key = `${fault} on ${target}`;
    const until = busyUntil.get(key) ?? 0;
    busyUntil.set(key, Math.max(until, startSeconds + (durationSeconds ?? Infinity)));
    if (startSeconds >= until) return [];
    return [`${source}: at ${secondsText(startSeconds)} there is a ${key} already, so this one is skipped`];
  });
}

function headerOf(origin: string, { approximated, notImported }: FaultReport): string {
  const list = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return [];
    const more = lines.length > LISTED_MAX ? [`  and ${lines.length - LISTED_MAX} more`] : [];
    return [`${title}:`, ...lines.slice(0, LISTED_MAX).map((line) => `  ${line}`), ...more];
  };
  return [
    `Imported from ${origin} by \`deepl-ops import\`.`,
    ...list('Not quite as the experiments say', approximated),
    ...list('Not imported, for want of a counterpart', notImported),
  ].join('\n');
}
