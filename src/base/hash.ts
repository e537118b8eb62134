/** Fast 64-bit hashes in the manner of FNV and Murmur, for comparing runs and naming streams; not for security. */

const LOW_START = 0x84222325 | 0;
const HIGH_START = 0xcbf29ce4 | 0;
const LOW_FACTOR = 0xcc9e2d51 | 0;
const HIGH_FACTOR = 0x1b873593 | 0;

/** Hash of a text's UTF-16 code units: 16 hex digits. */
export function hashText(text: string): string {
  const units = new Uint32Array(text.length);
  for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
  return hashWords(units);
}

/** Hash of 32-bit words: 16 hex digits. */
export function hashWords(words: Uint32Array): string {
  const hash = new Uint32Array(2);
  hashWordsInto(words, hash);
  return formatHash(hash);
}

/** Writes the low and the high half of the words' hash to `out`, without allocation. */
export function hashWordsInto(words: Uint32Array, out: Uint32Array): void {
  const length = words.length;
  const paired = length & ~1;
  let low = LOW_START;
  let high = HIGH_START ^ length;
  // Each half takes every other word and the other half's last value. Every step can be inverted, so one changed word
  // always changes the hash; the rotation keeps two changed sign bits from cancelling, as they would in plain FNV.
  for (let index = 0; index < paired; index += 2) {
    const first = Math.imul((low + high) ^ words[index]!, LOW_FACTOR);
    const second = Math.imul(high ^ words[index + 1]!, HIGH_FACTOR);
    low = (first << 15) | (first >>> 17);
    high = (((second << 13) | (second >>> 19)) + low) | 0;
  }
  if (paired < length) low = Math.imul((low + high) ^ words[paired]!, LOW_FACTOR);
  low = mix(low ^ mix(high));
  out[0] = low;
  out[1] = mix(high ^ low);
}

/** A hash's two halves as 16 hex digits, high half first. */
export function formatHash(hash: Uint32Array): string {
  return hash[1]!.toString(16).padStart(8, '0') + hash[0]!.toString(16).padStart(8, '0');
}

/** Murmur3's finalizer: a bijection of 32-bit integers in which each input bit moves about half of the output bits. */
export function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
