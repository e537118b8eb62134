/**
 * Named streams of random numbers in the state arena: xoshiro128** (Blackman and Vigna), four words per stream.
 * A stream's draws depend on master seed and name alone, so a new draw in one place moves nothing elsewhere.
 */
import { assert } from './assert.ts';
import { hashText, mix } from './hash.ts';
import { exp } from './math.ts';
import { poissonByInversion, poissonByRejection } from './poisson.ts';
import type { Table } from './state-arena.ts';
import type { StateLayout } from './state-layout.ts';
import {
  EXPONENTIAL_TAIL,
  exponentialHeights,
  exponentialWidths,
  NORMAL_TAIL,
  normalHeights,
  normalWidths,
} from './ziggurat.ts';

const TWO_POW_32 = 4294967296;
const UINT32_UNIT: number = 1 / TWO_POW_32;
const UINT24_UNIT: number = 1 / 16777216;
const INT24_UNIT: number = 1 / 8388608;
const POISSON_INVERSION_MEAN_MAX = 16;
const WORDS = 4;

/** Random streams by index; the index of a stream is the position of its name. */
export class RandomStreams {
  readonly names: readonly string[];
  // One column for all four words: four columns took twice as long per draw.
  private readonly state: Table<{ word: 'i32' }>;

  constructor(layout: StateLayout, names: readonly string[], tableName: string = 'random-streams') {
    assert(new Set(names).size === names.length, 'random streams need different names');
    this.names = [...names];
    this.state = layout.table(tableName, WORDS * names.length, { word: 'i32' });
  }

  /** Starts every stream anew; 7 and '7' are the same seed. */
  seed(masterSeed: number | string): void {
    const { word } = this.state;
    for (const [stream, name] of this.names.entries()) {
      const hash = hashText(`${masterSeed}\n${name}`);
      const high = Number.parseInt(hash.slice(0, 8), 16) | 0;
      const low = Number.parseInt(hash.slice(8), 16) | 0;
      const first = WORDS * stream;
      word[first] = mix(low + 0x9e3779b9);
      word[first + 1] = mix(high + 0x9e3779b9);
      word[first + 2] = mix(low ^ mix(high));
      // One bit is forced, to keep the generator out of its only bad state, all zero.
      word[first + 3] = mix(high ^ mix(low)) | 1;
    }
  }

  /** Index of a named stream; an unknown name is a bug. */
  indexOf(name: string): number {
    const index = this.names.indexOf(name);
    assert(index >= 0, `there is no random stream ${name}`);
    return index;
  }

  /** 32 random bits as an integer from 0 to 2^32 - 1. */
  uint32(stream: number): number {
    return this.int32(stream) >>> 0;
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(stream: number): number {
    return (this.int32(stream) >>> 0) * UINT32_UNIT;
  }

  /** Integer from 0 to bound - 1 without bias (Lemire's method); bound is an integer from 1 to 2^32. */
  integer(stream: number, bound: number): number {
    assert(bound >= 1 && bound <= TWO_POW_32 && Math.floor(bound) === bound, 'a bound is an integer from 1 to 2^32');
    for (;;) {
      const bits = this.int32(stream);
      const low = Math.imul(bits, bound) >>> 0;
      if (low >= bound || low >= TWO_POW_32 % bound) return Math.round(((bits >>> 0) * bound - low) * UINT32_UNIT);
    }
  }

  /** Exponential with mean 1, by ziggurat; never zero. */
  exponential(stream: number): number {
    let offset = 0;
    for (;;) {
      // Layer and position come from different bits of one draw: the same bits twice would skew the result.
      const bits = this.int32(stream);
      const layer = bits & 255;
      const x = ((bits >>> 8) + 0.5) * UINT24_UNIT * exponentialWidths[layer]!;
      if (x < exponentialWidths[layer + 1]!) return offset + x;
      if (layer === 0) {
        // The exponential has no memory: beyond the tail's start it begins anew.
        offset += EXPONENTIAL_TAIL;
        continue;
      }
      const floor = exponentialHeights[layer]!;
      const y = floor + this.uniform(stream) * (exponentialHeights[layer + 1]! - floor);
      if (y < exp(-x)) return offset + x;
    }
  }

  /** Normal with mean 0 and variance 1, by ziggurat. */
  normal(stream: number): number {
    for (;;) {
      const bits = this.int32(stream);
      const layer = bits & 255;
      const x = ((bits >> 8) + 0.5) * INT24_UNIT * normalWidths[layer]!;
      if (Math.abs(x) < normalWidths[layer + 1]!) return x;
      if (layer === 0) return this.normalTail(stream, x < 0 ? -1 : 1);
      const floor = normalHeights[layer]!;
      const y = floor + this.uniform(stream) * (normalHeights[layer + 1]! - floor);
      if (y < exp(-0.5 * x * x)) return x;
    }
  }

  /** Poisson with a mean from 0 to 1e9, by inversion below mean 16 and Hörmann's PTRS rejection above; no approximation. */
  poisson(stream: number, mean: number): number {
    assert(mean >= 0 && mean <= 1e9, 'a Poisson mean lies between 0 and 1e9');
    if (mean >= POISSON_INVERSION_MEAN_MAX) return poissonByRejection(this, stream, mean);
    return poissonByInversion(this.uniform(stream), mean);
  }

  private int32(stream: number): number {
    const { word } = this.state;
    const at = WORDS * stream;
    const first = word[at]!;
    const second = word[at + 1]!;
    const third = word[at + 2]! ^ first;
    const fourth = word[at + 3]! ^ second;
    const scaled = Math.imul(second, 5);
    word[at] = first ^ fourth;
    word[at + 1] = second ^ third;
    word[at + 2] = third ^ (second << 9);
    word[at + 3] = (fourth << 11) | (fourth >>> 21);
    return Math.imul((scaled << 7) | (scaled >>> 25), 9);
  }

  /** Beyond the last layer: Marsaglia's method with two exponentials. */
  private normalTail(stream: number, sign: number): number {
    for (;;) {
      const beyond = this.exponential(stream) / NORMAL_TAIL;
      const height = this.exponential(stream);
      if (height + height >= beyond * beyond) return sign * (NORMAL_TAIL + beyond);
    }
  }
}
