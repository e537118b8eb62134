/** A short fingerprint of a compiled scenario: recordings, agents and results name what they ran on by it. */
import { hashText } from '../base/index.ts';
import type { Scenario } from './scenario.ts';

/** 16 hex digits; equal for files that differ only in comments, layout or how a quantity is written. */
export function scenarioHash(scenario: Scenario): string {
  return hashText(canonicalJson(scenario));
}

/** JSON with the keys of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
