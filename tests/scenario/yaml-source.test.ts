/** YAML texts as plain data with places: the same data as the library's own, within bounds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseYaml } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

const read = (text: string) => parseYaml(text, { file: 'a.yaml' });

describe('the data of a text', () => {
  test('is what the library makes of it', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', ' ', 'é', ':'), minLength: 1, maxLength: 8 });
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        // Used twice, the same part is written once and then as an alias.
        const text = stringify({ one: data, two: data, list: [data] });
        expect(read(text).value).toEqual(parse(text));
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test('has merge keys filled in: own fields count before merged ones, earlier maps before later ones', () => {
    const text = [
      'a: &a { x: 1, y: 1 }',
      'b: &b { y: 2, z: 2 }',
      'c: { <<: *a, x: 3 }',
      'd: { x: 4, <<: [*a, *b] }',
      'e: { <<: { q: 1 }, "<<": kept }',
      'f: { <<: [*b, { w: 9 }] }',
    ].join('\n');
    const expected = { ...parse(text, { merge: true }), e: { q: 1, '<<': 'kept' } };
    expect(read(text).value).toEqual(expected);
  });

  test('keeps to the anchor that stands last before an alias', () => {
    expect(read('a: &x 1\nb: *x\nc: &x 2\nd: *x').value).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test('of an empty text is null', () => {
    for (const text of ['', '# only a remark\n', '---\n']) expect(read(text).value).toBeNull();
  });
});

describe('what no text may hold', () => {
  const wrong: [what: string, text: string, says: string, at: string][] = [
    ['a key twice', 'a: 1\nb: 2\na: 3', 'the key a is there twice', '3:1'],
    ['a key twice in another form', 'a: { "1": x, 1: y }', 'the key 1 is there twice', '1:14'],
    ['a key that is none', 'a:\n  ? [b]\n  : c', 'a key must be plain text', '2:5'],
    ['a key of nothing', 'a:\n  ~: c', 'a key must be plain text', '2:3'],
    ['the key of all objects', 'a:\n  __proto__: {}', '__proto__ cannot be a key', '2:3'],
    ['a long key', `? ${'k'.repeat(1025)}\n: x`, 'a key is longer than 1024 letters', '1:3'],
    ['an alias without an anchor', 'a: 1\nb: [*c]', 'the alias *c has no anchor before it', '2:5'],
    ['an alias of what it is in', 'a: &a [1, *a]', 'the alias *a leads into itself', '1:11'],
    ['a merge key of no map', 'a: &a 5\nb: { <<: *a }', 'a merge key (<<) needs a map', '2:10'],
    ['two documents', 'a: 1\n---\nb: 2', 'there is more than one document', '3:1'],
    ['a control character', 'a: 1\nb: "x\u0001"', 'a character that YAML forbids (U+0001)', '2:6'],
  ];
  for (const [what, text, says, at] of wrong) {
    test(`is ${what}, and the place says where`, () => {
      const { code, message, place } = errorOf(() => read(text));
      expect(code).toBe('YAML_SYNTAX');
      expect(message).toContain(says);
      expect(`${place?.line}:${place?.column}`).toBe(at);
    });
  }
});
