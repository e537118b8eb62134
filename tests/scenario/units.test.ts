/** How quantities in scenario files are read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuantity, type QuantityKind, quantityPattern } from '../../src/scenario/units.ts';

describe('a quantity', () => {
  const readable: [QuantityKind, string | number, number][] = [
    ['duration', '250ms', 0.25],
    ['duration', '50us', 0.00005],
    ['duration', '5s', 5],
    ['duration', '10m', 600],
    ['duration', '1.5h', 5400],
    ['duration', '1m30s', 90],
    ['duration', ' 2 s ', 2],
    ['duration', 7, 7],
    ['duration', '7', 7],
    ['duration', '-5ms', -0.005],
    ['bytes', '128Mi', 134_217_728],
    ['bytes', '2kB', 2000],
    ['bytes', '4Ki', 4096],
    ['bytes', '1e3', 1000],
    ['cores', '200m', 0.2],
    ['cores', 2, 2],
    ['bandwidth', '1Gbit/s', 125_000_000],
    ['bandwidth', '50MB/s', 50_000_000],
    ['rate', '600/min', 10],
    ['ratio', '5%', 0.05],
    ['ratio', 0.05, 0.05],
  ];
  for (const [kind, text, number] of readable) {
    test(`${JSON.stringify(text)} is the ${kind} ${number}`, () => expect(parseQuantity(kind, text)).toBe(number));
  }

  const unreadable: [QuantityKind, string | number][] = [
    ['duration', '5 parsecs'],
    ['duration', '1m30'],
    ['duration', '5s -2s'],
    ['duration', ''],
    ['duration', 'ms'],
    ['duration', Number.NaN],
    ['duration', Number.POSITIVE_INFINITY],
    ['duration', '1e999'],
    ['bytes', '200m'],
    ['bytes', '1Gi2Mi'],
    ['cores', '2 cores'],
    ['ratio', '5 percent'],
    ['rate', 'constructor'],
    ['duration', '1constructor'],
  ];
  for (const [kind, text] of unreadable) {
    test(`${JSON.stringify(text)} is no ${kind}`, () => expect(parseQuantity(kind, text)).toBeNull());
  }
});

describe('the pattern of a kind', () => {
  const kinds: QuantityKind[] = ['duration', 'bytes', 'cores', 'bandwidth', 'rate', 'ratio'];
  const piece = fc.constantFrom(
    ...['0', '7', '12', '.', '+', '-', 'e', 'E3', ' ', '\t', 'ms', 's', 'm', 'min', 'h', 'us', 'µs', 'Ki', 'MB'],
    ...['k', 'B', '/s', '/min', 'Gbit/s', 'B/s', '%', 'apples'],
  );
  const text = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));

  test('fits exactly the texts that can be read', () => {
    const readAndFit = fc.property(fc.constantFrom(...kinds), text, (kind, written) => {
      const fits = new RegExp(quantityPattern(kind), 'u').test(written);
      expect([written, fits]).toEqual([written, parseQuantity(kind, written) !== null]);
    });
    fc.assert(readAndFit, { numRuns: 3000 });
  });

  test('allows the word that may stand instead', () => {
    const pattern = new RegExp(quantityPattern('duration', 'never'), 'u');
    expect(['never', '5s', 'nevermore', 'always'].map((written) => pattern.test(written))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
