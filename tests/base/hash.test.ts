/** Hashes of texts and words: stable, and sensitive to content, order and length. */
import { describe, expect, test } from 'vitest';
import { hashText, hashWords, hashWordsInto } from '../../src/base/index.ts';

describe('hashText', () => {
  test('stays what earlier recordings and models hold', () => {
    expect(hashText('')).toBe('b6bcafb8e5a7acfc');
    expect(hashText('deepl-ops')).toBe('fee1fe988e0ad624');
  });

  test('differs for texts that differ in one character, in order or in length', () => {
    const texts = ['', '\0', '\0\0', 'a', 'b', 'ab', 'ba', 'abc', 'acb', 'ä', 'a\0', 'abcd', 'abdc', 'cdab'];
    expect(new Set(texts.map(hashText)).size).toBe(texts.length);
  });

  test('has no collision among many similar names', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `service-${index}/load`);
    expect(new Set(names.map(hashText)).size).toBe(names.length);
  });

  test('moves about half of its bits when one bit of the text moves', () => {
    let moved = 0;
    for (let index = 0; index < 500; index++) {
      const difference = BigInt(`0x${hashText(`pod ${index * 2}`)}`) ^ BigInt(`0x${hashText(`pod ${index * 2 + 1}`)}`);
      moved += difference.toString(2).replaceAll('0', '').length;
    }
    // 500 x 64 fair coins: 16,000 with a standard deviation of 89.
    expect(Math.abs(moved - 16_000)).toBeLessThan(4 * 89);
  });
});

describe('hashWords', () => {
  test('writes the two halves of the text form, low half first', () => {
    const words = Uint32Array.of(1, 2, 3, 4294967295);
    const halves = new Uint32Array(2);
    hashWordsInto(words, halves);
    const text = [...halves].reverse().map((half) => half.toString(16).padStart(8, '0'));
    expect(hashWords(words)).toBe(text.join(''));
  });

  test('sees the end of the words: trailing zeros count', () => {
    const lengths = Array.from({ length: 20 }, (_, length) => hashWords(new Uint32Array(length)));
    expect(new Set(lengths).size).toBe(20);
  });
});
