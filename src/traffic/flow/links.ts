/** Links: load against capacity gives a backlog, delay and loss; effects add to the latter. */

import { linkLatencySeconds } from '../../cluster/index.ts';
import { frameWaitSeconds } from '../packets.ts';
import type { FlowParts } from './parts.ts';
import { EDGE_FACTS, EDGE_WIDTH, Edge, EdgeFact } from './rows.ts';

/** Delays above this make pairs of replicas differ enough to be looked at one by one. */
const DELAY_NOTABLE_SECONDS = 2e-3;
/** Load that moved by less than this share of the capacity leaves a link as it is. */
const LOAD_DRIFT = 0.01;
/** Callers who wait send less a tick later: a backlog that would swing follows what is too much by less. */
const GAIN_CUT = 0.5;
const GAIN_GROWTH = 1.1;
/** Above this, what waits is a backlog that grows and not a queue by chance. */
const UTILISATION_MAX = 0.95;
/** Below this, messages hardly wait for each other. */
const UTILISATION_NOTABLE = 0.3;
/** A response comes behind what its request waited for: on a busy link waits are shorter by this share (measured). */
const FEEDBACK_SHARE = 0.35;
/** Edges need not hear of delays that changed by less. */
const DELAY_DRIFT_SECONDS = 2e-5;

/** Carries the bytes of each tick. */
export class Links {
  readonly #parts: FlowParts;
  readonly #latency: Float64Array;
  /** By edge: squares of the bytes of a request and of its response, together. */
  readonly #byteSquares: Float64Array;

  constructor(parts: FlowParts) {
    const { context } = parts;
    this.#parts = parts;
    this.#latency = new Float64Array(context.topology.links).map((_, link) => linkLatencySeconds(context, link));
    const { calls, workloads } = context.spec;
    this.#byteSquares = Float64Array.from(
      [...calls, ...workloads],
      ({ requestBytes, responseBytes }) => requestBytes * requestBytes + responseBytes * responseBytes,
    );
  }

  /** Works out delay and loss of all links under the load of the last tick. */
  update(): void {
    const { topology } = this.#parts.context;
    for (let link = 0; link < topology.links; link += 1) this.#updateLink(link);
  }

  /** Counts the bytes of the tick and makes them the load. */
  finish(): void {
    const { flow, context, plan } = this.#parts;
    const { callBytes, load, foreignBytes, loss, delaySeconds, copies, rate: capacity, backlogBytes } = flow.links;
    const meter = context.meters.links;
    for (let link = 0; link < context.topology.links; link += 1) {
      // Calls that were not sent after all are taken off again, which rounding may take below zero.
      const rate = Math.max(0, callBytes[link]!) * copies[link]!;
      const bytes = rate * plan.tickSeconds;
      callBytes[link] = 0;
      meter.delaySeconds[link]! += plan.tickSeconds * delaySeconds[link]!;
      meter.offeredBytes[link]! += bytes;
      meter.callBytes[link]! += bytes;
      if (foreignBytes[link]! > 0 || loss[link]! > 0) this.#meterTrouble(link, bytes);
      const isPressed = rate + foreignBytes[link]! > capacity[link]! || backlogBytes[link]! > 0;
      if (isPressed) this.#queueUp(link, rate + foreignBytes[link]!);
      else if (Math.abs(rate - load[link]!) < LOAD_DRIFT * capacity[link]!) continue;
      load[link] = rate;
      this.#updateLink(link);
    }
  }

  /** What a tick brings beyond the capacity waits, or is lost where the buffer is full. */
  #queueUp(link: number, offered: number): void {
    const { plan, flow } = this.#parts;
    const { backlogBytes, bufferBytes, overflow, rate, excess, damping } = flow.links;
    const beyond = offered - rate[link]!;
    const swings = beyond * excess[link]! < 0;
    damping[link] = swings ? 1 - (1 - damping[link]!) * GAIN_CUT : Math.max(0, 1 - (1 - damping[link]!) * GAIN_GROWTH);
    excess[link] = beyond;
    const grown = backlogBytes[link]! + (1 - damping[link]!) * beyond * plan.tickSeconds;
    const over = Math.max(0, grown - bufferBytes[link]!);
    backlogBytes[link] = Math.max(0, grown - over);
    overflow[link] = over > 0 ? Math.min(1, over / (offered * plan.tickSeconds)) : 0;
  }

  #updateLink(link: number): void {
    const { links, clock } = this.#parts.flow;
    const capacity = links.rate[link]!;
    const utilisation = (links.load[link]! + links.foreignBytes[link]!) / capacity;
    const frames = links.foreignBytes[link]! > 0 && utilisation < 1 ? frameWaitSeconds(utilisation, capacity) : 0;
    const wait = frames + Math.max(this.#messageWait(link), links.backlogBytes[link]! / capacity);
    const queue = Math.min(links.bufferBytes[link]! / capacity, wait);
    const passes = 1 - links.overflow[link]!;
    const extra = queue + links.effectDelay[link]!;
    const delay = this.#latency[link]! + extra;
    const lossIn = 1 - passes * (1 - links.effectLossIn[link]!);
    const lossOut = 1 - passes * (1 - links.effectLossOut[link]!);
    const differs = lossIn + lossOut + links.variance[link]! + links.secondsPerByte[link]! > 0;
    const disturbed = differs || extra > DELAY_NOTABLE_SECONDS ? 1 : 0;
    const drifted = Math.abs(delay - links.delayKnown[link]!) > DELAY_DRIFT_SECONDS;
    if (drifted || lossIn !== links.lossIn[link] || lossOut !== links.lossOut[link]) clock.networks[0]! += 1;
    links.delaySeconds[link] = delay;
    links.lossIn[link] = lossIn;
    links.lossOut[link] = lossOut;
    links.loss[link] = (lossIn + lossOut) / 2;
    if (drifted) clock.delaysStale[0] = 1;
    if (disturbed === links.disturbed[link]) return;
    links.disturbed[link] = disturbed;
    clock.disturbedStale[0] = 1;
  }

  /** Messages wait in front of what foreign traffic leaves of the link: an M/G/1 queue (Pollaczek and Khinchine). */
  #messageWait(link: number): number {
    const { load, foreignBytes, rate } = this.#parts.flow.links;
    const left = rate[link]! - foreignBytes[link]!;
    if (left <= 0 || load[link]! < UTILISATION_NOTABLE * left) return 0;
    const utilisation = Math.min(UTILISATION_MAX, load[link]! / left);
    const wait = (this.#meanSquareBytes(link) / (2 * left)) * (utilisation / (1 - utilisation));
    return wait * (1 - FEEDBACK_SHARE * utilisation);
  }

  /** Mean square of the bytes of messages over their mean. */
  #meanSquareBytes(link: number): number {
    const { plan, flow, edges } = this.#parts;
    const { link: links, share } = flow.paths;
    let bytes = 0;
    let squares = 0;
    for (let edge = 0; edge < plan.edges; edge += 1) {
      const start = plan.pathStart[edge]!;
      const end = start + edges[edge * EDGE_WIDTH + Edge.links]!;
      for (let at = start; at < end; at += 1) {
        if (links[at] !== link) continue;
        const rate = edges[edge * EDGE_WIDTH + Edge.sent]! * share[at]!;
        bytes += rate * plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.bytes]!;
        squares += rate * this.#byteSquares[edge]!;
      }
    }
    return bytes > 0 ? squares / bytes : 0;
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
