/** One stream of random numbers outside any arena, for policies and learners. */
import { assert } from './assert.ts';
import { RandomStreams } from './random-streams.ts';
import type { StateArena } from './state-arena.ts';
import { StateLayout } from './state-layout.ts';

/** Draws what the stream of this name draws in `RandomStreams` under the same seed. */
export class RandomStream {
  private readonly streams: RandomStreams;
  private readonly arena: StateArena;

  constructor(seed: number | string, name: string) {
    const layout = new StateLayout();
    this.streams = new RandomStreams(layout, [name]);
    this.arena = layout.build();
    this.streams.seed(seed);
  }

  /** 32 random bits as an integer from 0 to 2^32 - 1. */
  uint32(): number {
    return this.streams.uint32(0);
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.streams.uniform(0);
  }

  /** Integer from 0 to bound - 1 without bias; bound is an integer from 1 to 2^32. */
  integer(bound: number): number {
    return this.streams.integer(0, bound);
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return this.streams.exponential(0);
  }

  /** Normal with mean 0 and variance 1. */
  normal(): number {
    return this.streams.normal(0);
  }

  /** Poisson with a mean from 0 to 1e9. */
  poisson(mean: number): number {
    return this.streams.poisson(0, mean);
  }

  /** The state as plain integers, for a checkpoint. */
  save(): number[] {
    return [...new Int32Array(this.arena.snapshot())];
  }

  /** Continues from a state that `save` returned. */
  load(state: readonly number[]): void {
    assert(state.length * 4 === this.arena.byteLength, 'a saved random stream has a fixed number of words');
    this.arena.restore(Int32Array.from(state).buffer);
  }
}
