/** Links: load against capacity gives delay and loss; effects add to both. */

import type { FlowParts } from './parts.ts';

/** A full Ethernet frame: what queues in front of a packet. */
const FRAME_BYTES = 1500;
/** Delays above this make pairs of replicas differ enough to be looked at one by one. */
const DELAY_NOTABLE_SECONDS = 2e-3;

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

  /** Delay and loss of all links from the bytes of the last tick; whether the set of disturbed links has changed. */
  update(): boolean {
    const { flow, context } = this.#parts;
    let disturbed = 0;
    let changed = false;
    for (let link = 0; link < context.topology.links; link += 1) {
      const before = flow.links.disturbed[link]!;
      this.#updateLink(link);
      if (flow.links.disturbed[link] !== before) changed = true;
      disturbed += flow.links.disturbed[link]!;
    }
    flow.clock.linksDisturbed[0] = disturbed > 0 ? 1 : 0;
    return changed;
  }

  /** Adds the tick's bytes to the meters. */
  meter(): void {
    const { context } = this.#parts;
    for (let link = 0; link < context.topology.links; link += 1) this.#meterLink(link);
  }

  #updateLink(link: number): void {
    const { callBytes, foreignBytes, effectLoss, effectDelay, delaySeconds, loss, disturbed } = this.#parts.flow.links;
    const { bufferBytes } = this.#parts.context.spec.network;
    const capacity = this.#capacity[link]!;
    const utilisation = (callBytes[link]! + foreignBytes[link]!) / capacity;
    let queue = bufferBytes / capacity;
    if (utilisation < 1) {
      const waiting = ((FRAME_BYTES / capacity) * utilisation) / (1 - utilisation);
      if (waiting < queue) queue = waiting;
    }
    const overflow = utilisation > 1 ? 1 - 1 / utilisation : 0;
    const extra = queue + effectDelay[link]!;
    delaySeconds[link] = this.#latency[link]! + extra;
    loss[link] = 1 - (1 - overflow) * (1 - effectLoss[link]!);
    disturbed[link] = loss[link]! > 0 || extra > DELAY_NOTABLE_SECONDS ? 1 : 0;
  }

  #meterLink(link: number): void {
    const { plan, flow, context } = this.#parts;
    const { callBytes, foreignBytes, delaySeconds, loss } = flow.links;
    const meter = context.meters.links;
    const tick = plan.tickSeconds;
    const passing = tick * (1 - loss[link]!);
    const offered = callBytes[link]! + foreignBytes[link]!;
    meter.callBytes[link]! += callBytes[link]! * passing;
    meter.foreignBytes[link]! += foreignBytes[link]! * passing;
    meter.offeredBytes[link]! += offered * tick;
    meter.lostBytes[link]! += offered * loss[link]! * tick;
    meter.delaySeconds[link]! += delaySeconds[link]! * tick;
  }
}
