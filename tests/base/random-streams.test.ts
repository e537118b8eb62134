/** Random streams: the generator's known answers, independence by name, and states that continue. */
import { describe, expect, test } from 'vitest';
import { AssertionFailure, hashWords, RandomStream, RandomStreams, StateLayout } from '../../src/base/index.ts';

function build(names: readonly string[], seed: number | string = 7) {
  const layout = new StateLayout();
  const streams = new RandomStreams(layout, names);
  const arena = layout.build();
  streams.seed(seed);
  return { streams, arena };
}

function draws(streams: RandomStreams, stream: number, count = 20): number[] {
  return Array.from({ length: count }, () => streams.uint32(stream));
}

/** Every kind of draw once. */
function mixedDraws(streams: RandomStreams, stream: number): number[] {
  return [
    streams.uint32(stream),
    streams.uniform(stream),
    streams.integer(stream, 1000),
    streams.exponential(stream),
    streams.normal(stream),
    streams.poisson(stream, 3),
    streams.poisson(stream, 300),
  ];
}

describe('RandomStreams', () => {
  test('gives the same draws for the same seed and name, and starts anew when seeded again', () => {
    const { streams } = build(['load', 'disk']);
    const first = draws(streams, 0);
    expect(draws(build(['load', 'disk']).streams, 0)).toEqual(first);
    streams.seed(7);
    expect(draws(streams, 0)).toEqual(first);
    streams.seed('7');
    expect(draws(streams, 0)).toEqual(first);
  });

  test('gives other draws for another seed or another name', () => {
    const sequences = [1, 2, 3, '1a', 'x'].flatMap((seed) => {
      const { streams } = build(['load', 'disk', 'loa', 'd'], seed);
      return [0, 1, 2, 3].map((stream) => draws(streams, stream).join());
    });
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  test('a stream does not depend on the other streams, their order or their use', () => {
    const alone = draws(build(['load']).streams, 0);
    const { streams } = build(['disk', 'load', 'links']);
    const stream = streams.indexOf('load');
    const among = alone.map(() => {
      mixedDraws(streams, streams.indexOf('disk'));
      streams.uint32(streams.indexOf('links'));
      return streams.uint32(stream);
    });
    expect(among).toEqual(alone);
  });

  test('streams of similar names and neighbouring seeds are uncorrelated', () => {
    const count = 20_000;
    const pairs = [
      [new RandomStream(1, 'pod-1'), new RandomStream(1, 'pod-2')],
      [new RandomStream(1, 'pod-1'), new RandomStream(2, 'pod-1')],
    ] as const;
    for (const [first, second] of pairs) {
      let sum = 0;
      for (let index = 0; index < count; index++) sum += (first.uniform() - 0.5) * (second.uniform() - 0.5);
      // The product of two independent centred uniforms has mean 0 and standard deviation 1/12.
      expect(Math.abs(sum / count)).toBeLessThan(4 / 12 / Math.sqrt(count));
    }
  });

  test('continues identically from a snapshot of the arena', () => {
    const { streams, arena } = build(['load', 'disk']);
    mixedDraws(streams, 1);
    const snapshot = arena.snapshot();
    const hash = arena.hash();
    const straight = [...mixedDraws(streams, 0), ...mixedDraws(streams, 1)];
    expect(arena.hash()).not.toBe(hash);
    arena.restore(snapshot);
    expect([...mixedDraws(streams, 0), ...mixedDraws(streams, 1)]).toEqual(straight);
  });

  test('seed and name cannot flow into each other', () => {
    const first = new RandomStream(1, '1a');
    const second = new RandomStream(11, 'a');
    expect(first.uint32()).not.toBe(second.uint32());
  });

  test('refuses unknown and repeated names', () => {
    expect(() => build(['load']).streams.indexOf('disk')).toThrow(AssertionFailure);
    expect(() => build(['load', 'load'])).toThrow(AssertionFailure);
  });

  test('refuses a bound or a mean out of range', () => {
    const { streams } = build(['load']);
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      expect(() => streams.integer(0, bound)).toThrow(AssertionFailure);
    }
    for (const mean of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => streams.poisson(0, mean)).toThrow(AssertionFailure);
    }
  });
});

describe('RandomStream', () => {
  test('is xoshiro128**: the published answers from the state 1, 2, 3, 4', () => {
    const stream = new RandomStream(1, 'any');
    stream.load([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, () => stream.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test('draws what the stream of the same name draws in an arena', () => {
    const { streams } = build(['disk', 'load'], 'seed');
    const stream = new RandomStream('seed', 'load');
    expect([
      stream.uint32(),
      stream.uniform(),
      stream.integer(1000),
      stream.exponential(),
      stream.normal(),
      stream.poisson(3),
      stream.poisson(300),
    ]).toEqual(mixedDraws(streams, 1));
  });

  test('continues from a saved state that went through JSON', () => {
    const stream = new RandomStream(3, 'policy');
    stream.normal();
    const saved = JSON.parse(JSON.stringify(stream.save()));
    const straight = [stream.uint32(), stream.normal(), stream.uniform()];
    const other = new RandomStream(99, 'other');
    other.load(saved);
    expect([other.uint32(), other.normal(), other.uniform()]).toEqual(straight);
    expect(() => other.load([1, 2, 3])).toThrow(AssertionFailure);
  });

  test.each([
    ['uniform', (stream: RandomStream) => stream.uniform(), '10877b7ce119c5a3'],
    ['integer', (stream: RandomStream) => stream.integer(1000), '678096586d10a390'],
    ['exponential', (stream: RandomStream) => stream.exponential(), 'dfe74bb5634c73a5'],
    ['normal', (stream: RandomStream) => stream.normal(), '041b563118e10ea5'],
    ['small Poisson', (stream: RandomStream) => stream.poisson(3.5), '724fb4731f54b8f9'],
    ['large Poisson', (stream: RandomStream) => stream.poisson(20.5), '0e7da2bbdb41d8b3'],
  ])('draws the %s numbers that earlier recordings hold, to the last bit', (_name, next, expected) => {
    const stream = new RandomStream(2026, 'golden');
    const sample = Float64Array.from({ length: 200_000 }, () => next(stream));
    expect(hashWords(new Uint32Array(sample.buffer))).toBe(expected);
  });
});
