/** The bugs of `npm run planted-bugs` still have a place to be planted in, though the code around them moves. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly plant: string;
  readonly seenBy: string;
}

const root = new URL('../../', import.meta.url);
const { bugs } = (await import(`${root}scripts/planted-bugs/index.mjs`)) as { bugs: readonly PlantedBug[] };

describe('planted bugs', () => {
  test.each(bugs)('$name is found exactly once in $file', ({ file, find, plant }) => {
    const parts = readFileSync(new URL(file, root), 'utf8').split(find);
    expect(parts).toHaveLength(2);
    expect(plant).not.toBe(find);
  });

  test('have names of their own, and a test file that should see them', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    for (const { seenBy } of bugs) expect(existsSync(new URL(seenBy, root)), seenBy).toBe(true);
  });
});
