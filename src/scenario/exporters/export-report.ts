/** What an export of faults wrote, and what it could not. */
import type { ExportedFault } from './exported-fault.ts';

/** For people to check. */
export interface ExportReport {
  /** Each fault that was written. */
  readonly exported: readonly string[];
  /** Where what was written is not quite the fault. */
  readonly approximated: readonly string[];
  /** What has no counterpart. */
  readonly notExported: readonly string[];
}

/** `service.kill on cart at 30s`. */
export function faultWords({ fault, target, peer, startSeconds }: ExportedFault): string {
  const between = peer === null ? '' : ` with ${peer}`;
  return `${fault} on ${target}${between} at ${startSeconds}s`;
}
