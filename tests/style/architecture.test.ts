/** Every source file keeps the rules of `docs/architecture.md`; made-up files show that each rule can fail. */
import { describe, expect, test } from 'vitest';
import { readPage, readSources, sourceFile } from './source-file.ts';
import {
  clockBreaches,
  exactnessBreaches,
  layerBreaches,
  nodeBreaches,
  parseLayers,
  shapeBreaches,
} from './source-rules.ts';

const layers = parseLayers(readPage('architecture.md'));
const sources = readSources();

describe('src/', () => {
  test('is made of files, or this test would check nothing', () => {
    expect(sources.map(({ path }) => path)).toContain('base/errors.ts');
  });

  test('imports only downwards, as the layer table says, and through index.ts', () => {
    expect(sources.flatMap((source) => layerBreaches(source, layers))).toEqual([]);
  });

  test('touches Node.js only in cli/ and in files named for it', () => {
    expect(sources.flatMap(nodeBreaches)).toEqual([]);
  });

  test('has no wall clock, timer or unseeded randomness below cli/', () => {
    expect(sources.flatMap(clockBreaches)).toEqual([]);
  });

  test('computes the same on every engine from base/ to environment/', () => {
    expect(sources.flatMap((source) => exactnessBreaches(source, layers))).toEqual([]);
  });

  test('has files that open with a comment and export by name', () => {
    expect(sources.flatMap(shapeBreaches)).toEqual([]);
  });
});

describe('the layer table', () => {
  test('is read with its lists, ranges and "all"', () => {
    expect([...(layers.get('base') ?? ['?'])]).toEqual([]);
    expect([...(layers.get('repairs') ?? [])]).toEqual(['base', 'kernel', 'cluster']);
    const upToEnvironment = 'base contract kernel cluster traffic faults repairs scenario'.split(' ');
    expect([...(layers.get('environment') ?? [])]).toEqual(upToEnvironment);
    expect([...(layers.get('replay') ?? [])]).toEqual([
      ...upToEnvironment,
      'environment',
      'decide',
      'policies',
      'model',
    ]);
    expect(layers.get('cli')?.has('report')).toBe(true);
  });
});

describe('a breach is found', () => {
  const inCluster = (text: string) => sourceFile('cluster/made-up.ts', text);

  test.each([
    ["import { x } from '../traffic/index.ts';", 'cluster/ may not import traffic/'],
    ["import type { X } from '../base/hash.ts';", 'import base/index.ts, not base/hash.ts'],
    ["const x = await import('../cli/index.ts');", 'cluster/ may not import cli/'],
  ])('in %s', (text, breach) => {
    expect(layerBreaches(inCluster(text), layers)).toEqual([`cluster/made-up.ts: ${breach}`]);
  });

  test.each([
    "import { readFileSync } from 'node:fs';",
    "import { Worker } from 'node:worker_threads';",
    'console.log(1)',
    'const level = process.env.LEVEL;',
  ])('of the Node.js rule in %s', (text) => {
    expect(nodeBreaches(inCluster(text))).toHaveLength(1);
  });

  test.each(['Math.random()', 'new Date()', 'performance.now()', 'setTimeout(f)', 'const s = `at ${Date.now()}`;'])(
    'of the clock rule in %s',
    (text) => {
      expect(clockBreaches(inCluster(text))).toHaveLength(1);
    },
  );

  test.each(['Math.exp(1)', 'x ** 2', 'const { log } = Math;', "a.localeCompare('b')"])(
    'of the exactness rule in %s',
    (text) => {
      expect(exactnessBreaches(inCluster(text), layers)).toHaveLength(1);
    },
  );

  test.each(['export const x = 1;', "/** All. */ export * from './a.ts';", '/** It. */ export default 1;'])(
    'of the file shape in %s',
    (text) => {
      expect(shapeBreaches(inCluster(text))).toHaveLength(1);
    },
  );

  test('but not in comments, strings and regular expressions, nor in what is allowed', () => {
    const text = [
      '/** Math.exp and ** and new Date() in a comment. */',
      "import { pow } from '../base/index.ts';",
      "import { sibling } from './signals/rate.ts';",
      'const text = "console.log(Date.now())"; // Math.random()',
      "const quote = /['`]/; const root = Math.sqrt(pow(2, 3)) + Math.imul(1, 2);",
      'const plain = `2 ** 3 is ${root}`; schedule.process(1);',
    ].join('\n');
    const source = inCluster(text);
    const all = [nodeBreaches, clockBreaches, shapeBreaches].flatMap((rule) => rule(source));
    expect([...all, ...layerBreaches(source, layers), ...exactnessBreaches(source, layers)]).toEqual([]);
  });
});
