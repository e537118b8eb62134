/** Flags of `import` that belong to one sort of format only. */
import { DeeplOpsError, nearestName } from '../base/index.ts';
import type { Scenario } from '../scenario/index.ts';

/** USAGE for a flag that means nothing with this format, or for experiments without a scenario. */
export function refuseFlags(
  format: string,
  flags: Readonly<Record<string, unknown>>,
  refused: readonly string[],
): void {
  const wrong = refused.find((name) => flags[name] !== undefined);
  if (wrong !== undefined) {
    const sort = wrong === 'edges' ? 'files that describe a system' : 'experiments on a system';
    throw new DeeplOpsError('USAGE', `--${wrong} is for ${sort}, not for ${format}`);
  }
  if (refused.includes('scenario') || flags.scenario !== undefined) return;
  throw new DeeplOpsError('USAGE', `${format} needs --scenario`, {
    hint: 'Experiments act on a system: name the scenario of it, a file or a shipped one.',
  });
}

/** `web-show=frontend` as a map; the service must exist. */
export function bindingsOf(words: readonly string[], { cluster }: Scenario): Map<string, string> {
  const names = cluster.services.map(({ name }) => name);
  return new Map(
    words.map((word) => {
      const equals = word.lastIndexOf('=');
      const [value, service] = [word.slice(0, Math.max(0, equals)), word.slice(equals + 1)];
      if (value === '') throw new DeeplOpsError('USAGE', `--bind needs VALUE=SERVICE, not ${word}`);
      if (names.includes(service)) return [value, service];
      const guess = nearestName(service, names);
      const hint = guess === undefined ? `Services are ${names.slice(0, 20).join(', ')}.` : `Did you mean ${guess}?`;
      throw new DeeplOpsError('USAGE', `--bind ${word}: there is no service ${service}`, { hint });
    }),
  );
}
