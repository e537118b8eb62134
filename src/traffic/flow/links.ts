/** Links: load against capacity gives delay and loss; effects add to both. */

import type { FlowParts } from './parts.ts';

/** A full Ethernet frame: what queues in front of a packet. */
const FRAME_BYTES = 1500;
/** Delays above this make pairs of replicas differ enough to be looked at one by one. */
const DELAY_NOTABLE_SECONDS = 2e-3;
/** Load that moved by less than this share of the capacity leaves a link as it is. */
const LOAD_DRIFT = 0.01;
/** Edges need not hear of delays that changed by less. */
const DELAY_DRIFT_SECONDS = 2e-5;

/** Carries the bytes of each tick. */
export class Links {
  readonly #parts: FlowParts;
  readonly #capacity: Float64Array;
  readonly #latency: Float64Array;

  constructor(parts: FlowParts) {
    const { spec, topology } = parts.context;
    this.#parts = parts;
    this.#capacity = new Float64Array(topology.links).fill(spec.network.interconnectBytesPerSecond);
    this.#latency = new Float64Array(topology.links).fill(spec.network.interconnectLatencySeconds);
    this.#capacity.set(spec.nodes.map((node) => node.uplinkBytesPerSecond));
    this.#latency.fill(spec.network.uplinkLatencySeconds, 0, topology.nodes);
  }

  /** Works out delay and loss of all links under the load of the last tick. */
  update(): void {
    const { topology } = this.#parts.context;
    for (let link = 0; link < topology.links; link += 1) this.#updateLink(link);
  }

  /** Counts the bytes of the tick and makes them the load. */
  finish(): void {
    const { flow, context, plan } = this.#parts;
    const { callBytes, load, foreignBytes, loss, delaySeconds } = flow.links;
    const meter = context.meters.links;
    for (let link = 0; link < context.topology.links; link += 1) {
      const rate = callBytes[link]!;
      const bytes = rate * plan.tickSeconds;
      callBytes[link] = 0;
      meter.delaySeconds[link]! += plan.tickSeconds * delaySeconds[link]!;
      meter.offeredBytes[link]! += bytes;
      meter.callBytes[link]! += bytes;
      if (foreignBytes[link]! > 0 || loss[link]! > 0) this.#meterTrouble(link, bytes);
      if (Math.abs(rate - load[link]!) < LOAD_DRIFT * this.#capacity[link]!) continue;
      load[link] = rate;
      this.#updateLink(link);
    }
  }

  #updateLink(link: number): void {
    const { links, clock } = this.#parts.flow;
    const capacity = this.#capacity[link]!;
    const utilisation = (links.load[link]! + links.foreignBytes[link]!) / capacity;
    let queue = this.#parts.context.spec.network.bufferBytes / capacity;
    let passes = 1 - links.effectLoss[link]!;
    if (utilisation < 1) {
      const waiting = ((FRAME_BYTES / capacity) * utilisation) / (1 - utilisation);
      if (waiting < queue) queue = waiting;
    } else passes /= utilisation;
    const extra = queue + links.effectDelay[link]!;
    const delay = this.#latency[link]! + extra;
    const disturbed = passes < 1 || extra > DELAY_NOTABLE_SECONDS ? 1 : 0;
    links.delaySeconds[link] = delay;
    links.loss[link] = 1 - passes;
    if (Math.abs(delay - links.delayKnown[link]!) > DELAY_DRIFT_SECONDS) clock.delaysStale[0] = 1;
    if (disturbed === links.disturbed[link]) return;
    links.disturbed[link] = disturbed;
    clock.disturbedStale[0] = 1;
  }

  /** Foreign traffic, and what was lost of all. */
  #meterTrouble(link: number, bytes: number): void {
    const { plan, flow, context } = this.#parts;
    const meter = context.meters.links;
    const foreign = plan.tickSeconds * flow.links.foreignBytes[link]!;
    const lost = flow.links.loss[link]!;
    meter.offeredBytes[link]! += foreign;
    meter.callBytes[link]! -= bytes * lost;
    meter.foreignBytes[link]! += foreign * (1 - lost);
    meter.lostBytes[link]! += (bytes + foreign) * lost;
  }
}
