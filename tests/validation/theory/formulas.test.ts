/** The formulas behind the theory table against published and independently computed values. */
import { describe, expect, test } from 'vitest';
import {
  birthDeath,
  boundedQueue,
  breakdownQueue,
  burstyQueue,
  deterministicLoss,
  erlangB,
  generalServiceWait,
  impatientShare,
  jacksonNetwork,
  manyServerQueue,
} from '../../../src/validation/theory/queue-formulas.ts';
import {
  attemptsPerRequest,
  availability,
  cheHitRatio,
  fanOutRatio,
  mathisBitsPerSecond,
  pairLifeSeconds,
  pftkBitsPerSecond,
  twoChoicesInSystem,
  zipfShares,
} from '../../../src/validation/theory/system-formulas.ts';

/** Equal to as many digits as the reference value has. */
function expectValue(value: number, reference: string): void {
  const digits = reference.replace(/^-?0*\.?0*/, '').replace('.', '').length;
  expect(Number(value.toPrecision(digits))).toBe(Number(reference));
}

describe('queues', () => {
  test.each([
    [1, 0.5, 1, '1', '1'],
    [1, 0.8, 1, '4', '4'],
    [1, 0.95, 1, '19', '19'],
    [4, 3.2, 1, '0.745541', '5.585730'],
    [10, 70, 10, '0.00739104', '7.517373'],
  ])('M/M/%d at %d/s of %d/s', (servers, arrivalRate, serviceRate, wait, inSystem) => {
    const queue = manyServerQueue({ servers, arrivalRate, serviceRate });
    expectValue(queue.waitSeconds, wait);
    expectValue(queue.inSystem, inSystem);
  });

  test('the chance to wait is Erlang C', () => {
    expectValue(manyServerQueue({ servers: 4, arrivalRate: 3.2, serviceRate: 1 }).waitingChance, '0.596432');
    expectValue(manyServerQueue({ servers: 10, arrivalRate: 70, serviceRate: 10 }).waitingChance, '0.221731');
    const hundred = manyServerQueue({ servers: 100, arrivalRate: 90, serviceRate: 1 });
    expectValue(hundred.waitingChance, '0.216940');
    expectValue(hundred.waitSeconds, '0.0216940');
  });

  test.each([
    [4, 3.2, '0.228145'],
    [10, 7, '0.0787409'],
    [10, 12, '0.301925'],
    [100, 90, '0.0269574'],
  ])('Erlang B of %d servers for %d erlangs', (servers, offered, blocked) => {
    expectValue(erlangB(servers, offered), blocked);
    expect(boundedQueue({ servers, arrivalRate: offered, serviceRate: 1 }, servers).blocked).toBeCloseTo(
      Number(blocked),
      6,
    );
  });

  test('bounded queues', () => {
    const calm = boundedQueue({ servers: 1, arrivalRate: 0.8, serviceRate: 1 }, 10);
    expectValue(calm.blocked, '0.0234929');
    expectValue(calm.inSystem, '2.966314');
    const overloaded = boundedQueue({ servers: 1, arrivalRate: 1.2, serviceRate: 1 }, 10);
    expectValue(overloaded.blocked, '0.1926');
    expectValue(overloaded.inSystem, '6.710709');
    const many = boundedQueue({ servers: 10, arrivalRate: 120, serviceRate: 10 }, 60);
    expectValue(many.blocked, '0.166675');
    expectValue(many.inSystem, '55.00267');
    expectValue(many.served, '99.99902');
    expectValue(many.sojournSeconds, '0.550032');
  });

  test('general service times wait as Pollaczek and Khinchine say', () => {
    const load = { servers: 1, arrivalRate: 0.8, serviceRate: 1 };
    expect([0, 0.25, 1, 4, 16].map((square) => generalServiceWait(load, square))).toEqual(
      [2, 2.5, 4, 10, 34].map((wait) => expect.closeTo(wait, 9)),
    );
  });

  test('an open network', () => {
    const { rates, inSystem } = jacksonNetwork([
      { servers: 1, serviceRate: 2.5, outsideRate: 1, next: [0, 0.6, 0.4] },
      { servers: 1, serviceRate: 2, outsideRate: 0, next: [0.3] },
      { servers: 2, serviceRate: 0.6, outsideRate: 0, next: [0.2, 0.3] },
    ]);
    expectValue(rates[0]!, '1.420455');
    expectValue(rates[1]!, '1.022727');
    expectValue(rates[2]!, '0.568182');
    expectValue(inSystem, '3.582918');
  });

  test('a server that breaks down', () => {
    const queue = breakdownQueue({ servers: 1, arrivalRate: 0.5, serviceRate: 1 }, 0.1, 0.5);
    expectValue(queue.inSystem, '1.916667');
    expectValue(queue.availability, '0.833333');
  });

  test.each([
    [70, '0.00606319'],
    [100, '0.0604689'],
    [120, '0.169752'],
  ])('impatient clients at %d/s', (arrivalRate, share) => {
    expectValue(impatientShare({ servers: 10, arrivalRate, serviceRate: 10 }, 1), share);
  });

  test.each([
    [0.9, 5, '0.0643619'],
    [1.2, 5, '0.199147'],
    [0.9, 20, '0.00185318'],
    [1.2, 20, '0.166763'],
  ])('a deterministic server at load %d with room for %d', (load, room, lost) => {
    expectValue(deterministicLoss(load, room), lost);
  });

  test('bursts make an M/M/1 queue longer; without a difference between phases nothing changes', () => {
    expect(burstyQueue({ rates: [0.8, 0.8], meanStaySeconds: [3, 7] }, 1)).toBeCloseTo(4, 9);
    expect(burstyQueue({ rates: [1.5, 0.3], meanStaySeconds: [20, 40] }, 1)).toBeCloseTo(truncatedBursty(), 3);
  });
});

/** The same queue as a chain of 2 x 400 states, by Grassmann, Taksar and Heyman's elimination. */
function truncatedBursty(): number {
  const states = 800;
  const rates = [1.5, 0.3];
  const leave = [1 / 20, 1 / 40];
  const flow = Array.from({ length: states }, () => new Float64Array(states));
  for (let state = 0; state < states; state += 1) {
    const phase = state % 2;
    if (state + 2 < states) flow[state]![state + 2]! += rates[phase]!;
    if (state >= 2) flow[state]![state - 2]! += 1;
    flow[state]![state + 1 - 2 * phase]! += leave[phase]!;
  }
  for (let state = states - 1; state > 0; state -= 1) {
    const out = flow[state]!.subarray(0, state).reduce((sum, rate) => sum + rate, 0);
    for (let from = 0; from < state; from += 1) {
      flow[from]![state]! /= out;
      const share = flow[from]![state]!;
      if (share > 0) for (let to = 0; to < state; to += 1) flow[from]![to]! += share * flow[state]![to]!;
    }
  }
  const weight = [1];
  for (let state = 1; state < states; state += 1) {
    weight.push(weight.reduce((sum, value, from) => sum + value * flow[from]![state]!, 0));
  }
  const total = weight.reduce((sum, value) => sum + value, 0);
  return weight.reduce((sum, value, state) => sum + value * Math.floor(state / 2), 0) / total;
}

describe('systems', () => {
  test.each([
    [0.7, '1.130118'],
    [0.9, '2.352652'],
    [0.95, '3.213894'],
  ])('two choices at load %d', (load, inSystem) => expectValue(twoChoicesInSystem(load), inSystem));

  test('availability', () => {
    const shop = (machines: number, crews: number) => ({ machines, crews, upSeconds: 100, repairSeconds: 10 });
    expectValue(availability(shop(3, 3), 2), '0.976709');
    expectValue(availability(shop(3, 1), 2), '0.951684');
    expectValue(availability(shop(5, 5), 3), '0.993474');
    expectValue(availability(shop(5, 1), 3), '0.958719');
    expectValue(availability(shop(2, 2), 1), '0.991736');
    expectValue(availability(shop(2, 1), 1), '0.983607');
    expect(pairLifeSeconds(shop(2, 2))).toBeCloseTo(650, 9);
  });

  test('retries', () => {
    expect([0.1, 0.5, 1].map((ratio) => attemptsPerRequest(ratio, 3))).toEqual([
      expect.closeTo(1.111, 9),
      expect.closeTo(1.875, 9),
      4,
    ]);
  });

  test('long flows', () => {
    const far = { segmentBytes: 1460, roundTripSeconds: 0.05 };
    expectValue(mathisBitsPerSecond({ ...far, loss: 1e-4 }) / 1e6, '28.610');
    expectValue(mathisBitsPerSecond({ ...far, loss: 1e-2 }) / 1e6, '2.8610');
    expectValue(pftkBitsPerSecond({ ...far, loss: 1e-4 }, 0.2) / 1e6, '28.584');
    expectValue(pftkBitsPerSecond({ ...far, loss: 1e-2 }, 0.2) / 1e6, '2.6241');
    const near = { segmentBytes: 1460, roundTripSeconds: 0.0005, loss: 1e-3 };
    expectValue(mathisBitsPerSecond(near) / 1e6, '904.7');
    expectValue(pftkBitsPerSecond(near, 0.2) / 1e6, '476.2');
  });

  test('caches and fan-out', () => {
    expectValue(cheHitRatio(zipfShares(1e5, 0.8), 1e4), '0.468685');
    expectValue(fanOutRatio(0.01, 100), '0.633968');
  });

  test('a process of births and deaths sums to one', () => {
    expect(
      birthDeath(
        3,
        () => 1,
        () => 2,
      ),
    ).toEqual([8 / 15, 4 / 15, 2 / 15, 1 / 15].map((x) => expect.closeTo(x, 12)));
  });
});
