/** Complaints about a scenario: one error for the first problem, at its place, named by its path in the document. */
import { DeeplOpsError, type ErrorPlace, nearestName } from '../base/index.ts';
import type { YamlPath } from './yaml-source.ts';

/** Finds the place of a part of the document; documents made by programs have none. */
export type Locate = (path: YamlPath, at?: 'key' | 'value') => ErrorPlace;

/** `services.cart.calls.redis`, `nodes[2].zone`. */
export function pathText(path: YamlPath): string {
  const text = path.reduce<string>(
    (sum, step) => (typeof step === 'number' ? `${sum}[${step}]` : `${sum}.${step}`),
    '',
  );
  return text.replace(/^\./, '');
}

/** The SCENARIO_INVALID error for one field. */
export function invalidField(path: YamlPath, problem: string, place: ErrorPlace): DeeplOpsError {
  const name = pathText(path);
  return new DeeplOpsError('SCENARIO_INVALID', name === '' ? problem : `${name}: ${problem}`, { place });
}

/** The SCENARIO_UNKNOWN_NAME error, with the nearest known name. */
export function unknownName(
  reference: { path: YamlPath; kind: string; name: string; known: Iterable<string> },
  place: ErrorPlace,
): DeeplOpsError {
  const known = [...reference.known];
  const nearest = nearestName(reference.name, known);
  const hint =
    nearest === undefined ? `Known: ${known.slice(0, 20).join(', ') || 'none'}.` : `Did you mean ${nearest}?`;
  const message = `${pathText(reference.path)}: there is no ${reference.kind} ${reference.name}`;
  return new DeeplOpsError('SCENARIO_UNKNOWN_NAME', message, { place, hint });
}
