/** The lock file installs everywhere: complete for every platform, and tied to no registry's address. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockEntry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
const packages = Object.entries<LockEntry>(lock.packages);

test('every optional dependency has its entry, without which npm ci refuses the file', () => {
  const named = packages.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
  const locked = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')));
  expect(named.filter((name) => !locked.has(name))).toEqual([]);
});

test('no entry names the address it was fetched from', () => {
  expect(packages.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
});
