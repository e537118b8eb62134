/** What an import found, assumed and left out, as text for people. */
import type { FaultReport, ImportReport } from '../scenario/index.ts';

/** Of a system's own files. */
export function systemSummary(file: string, report: ImportReport): string {
  return [
    `${file}: ${report.services.length} services, ${report.calls.length} calls, ${report.workloads.length} workloads`,
    ...list('Traffic', report.workloads),
    ...list('Assumed', report.assumed),
    ...list('Not derived (calls may be missing)', report.notDerived),
    ...list('Cut, because the calls formed a cycle', report.cutEdges),
    ...list('Skipped', report.skipped),
  ].join('\n');
}

/** Of experiments. */
export function faultSummary(file: string, report: FaultReport): string {
  return [
    `${file}: ${report.faults.length} faults`,
    ...list('Faults', report.faults),
    ...list('Not quite as the experiments say', report.approximated),
    ...list('Not imported, for want of a counterpart', report.notImported),
  ].join('\n');
}

/** Lines of one sort that a terminal gets; `--json` and the file have all. */
const LINES_MAX = 40;

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > LINES_MAX ? [`  and ${lines.length - LINES_MAX} more`] : [];
  return [`${title}:`, ...lines.slice(0, LINES_MAX).map((line) => `  ${line}`), ...more];
}
