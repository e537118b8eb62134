/**
 * What lost packets do to an attempt whose caller waits for so long: the request and the response are each sent again
 * after 200 ms, doubling, until all of it has passed.
 */

import { allPass, RETRANSMIT_SECONDS, RETRANSMITS_MAX } from '../packets.ts';

const CHANCE_SMALL = 1e-9;

interface Exchange {
  /** Shares of packets that pass, and packets, each way. */
  readonly requestPasses: number;
  readonly requestPackets: number;
  readonly responsePasses: number;
  readonly responsePackets: number;
  /** How many first time-outs fit into the patience of the caller, and into what the work leaves of it. */
  readonly patience: number;
  readonly steps: number;
}

/** Works out one exchange; the result stands here until the next. The same exchange twice is worked out once. */
export class Retransmissions {
  /** Share of attempts that get no answer in time, and of those whose request does not arrive in time. */
  lost: number = 0;
  lostRequests: number = 0;
  /** What retransmissions add to the time of the others, on average, and its variance. */
  seconds: number = 0;
  variance: number = 0;

  /** The exchange last worked out. */
  readonly #known: Float64Array = new Float64Array(6).fill(Number.NaN);
  readonly #chances: Float64Array = new Float64Array(2 * (RETRANSMITS_MAX + 1));

  /** Works out an exchange. */
  work(exchange: Exchange): void {
    const { requestPasses, requestPackets, responsePasses, responsePackets, patience, steps } = exchange;
    const known = this.#known;
    const same = known[0] === requestPasses && known[1] === requestPackets && known[2] === responsePasses;
    if (same && known[3] === responsePackets && known[4] === patience && known[5] === steps) return;
    known[0] = requestPasses;
    known[1] = requestPackets;
    known[2] = responsePasses;
    known[3] = responsePackets;
    known[4] = patience;
    known[5] = steps;
    this.#fill(0, requestPasses, requestPackets);
    this.#fill(RETRANSMITS_MAX + 1, responsePasses, responsePackets);
    this.#sum(patience, steps);
  }

  /** Chance that it takes so many retransmissions. */
  #fill(from: number, passes: number, packets: number): void {
    let left = 1 - allPass(passes, packets);
    this.#chances[from] = 1 - left;
    for (let count = 1; count <= RETRANSMITS_MAX; count += 1) {
      this.#chances[from + count] = left * passes;
      left -= left * passes;
    }
  }

  /** The k-th retransmission comes after 2^k - 1 first time-outs. */
  #sum(patience: number, steps: number): void {
    const chances = this.#chances;
    let arrived = 0;
    let answered = 0;
    let mean = 0;
    let square = 0;
    let requestSteps = 0;
    for (let sent = 0; sent <= RETRANSMITS_MAX && requestSteps <= patience; sent += 1) {
      const arrives = chances[sent]!;
      arrived += arrives;
      let total = requestSteps;
      let responseSteps = 0;
      for (let back = 0; back <= RETRANSMITS_MAX && total <= steps; back += 1) {
        const chance = arrives * chances[RETRANSMITS_MAX + 1 + back]!;
        const added = total * RETRANSMIT_SECONDS;
        answered += chance;
        mean += chance * added;
        square += chance * added * added;
        responseSteps = 2 * responseSteps + 1;
        total = requestSteps + responseSteps;
      }
      requestSteps = 2 * requestSteps + 1;
    }
    this.lost = rounded(1 - answered);
    this.lostRequests = rounded(1 - arrived);
    this.seconds = answered > 0 ? mean / answered : 0;
    this.variance = answered > 0 ? Math.max(0, square / answered - this.seconds * this.seconds) : 0;
  }
}

function rounded(chance: number): number {
  return chance > CHANCE_SMALL ? chance : 0;
}
