/**
 * Over which links and to which replicas an edge's attempts go, on average over the caller's replicas. Worked out anew
 * only when routes change or a caller's replicas come to share its work differently.
 */

import type { FlowParts } from './parts.ts';
import { Answer } from './state.ts';

/** Shares that moved by less than this leave paths as they are. */
const SHARE_DRIFT = 0.02;

/** Keeps columns and paths of edges, and shares of callers. */
export class Paths {
  readonly #parts: FlowParts;
  /** Share per link of the edge at hand; zero between uses. */
  readonly #linkShares: Float64Array;
  readonly #linksTouched: Int32Array;
  readonly #zones: number;
  #touched = 0;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#linkShares = new Float64Array(parts.context.topology.links);
    this.#linksTouched = new Int32Array(parts.context.topology.links);
    this.#zones = parts.context.spec.zones.length;
  }

  /** Routes have changed: everything anew. */
  refreshAll(): void {
    const { plan, context } = this.#parts;
    for (let service = 0; service < context.topology.services; service += 1) this.#refreshShares(service);
    for (let edge = 0; edge < plan.edges; edge += 1) this.#refreshEdge(edge);
  }

  /** Looks whether a service's replicas share its work as they did. */
  follow(service: number): void {
    const { flow, context } = this.#parts;
    const { share, started } = flow.replicas;
    const sum = flow.services.started[service]!;
    const end = flow.services.slotEnd[service]!;
    let drifted = false;
    for (let replica = context.topology.replicaStart[service]!; replica < end; replica += 1) {
      if (Math.abs(started[replica]! - share[replica]! * sum) > SHARE_DRIFT * sum) drifted = true;
    }
    if (!drifted) return;
    this.#refreshShares(service);
    const { starts, items } = context.topology.callsOut;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) this.#refreshEdge(items[index]!);
  }

  /** Marks the edges whose paths touch a disturbed link. */
  markDisturbed(): void {
    const { plan } = this.#parts;
    for (let edge = 0; edge < plan.edges; edge += 1) this.#markEdge(edge);
  }

  /** By what each replica started in the last tick; equal among those that serve when nothing was. */
  #refreshShares(service: number): void {
    const { flow, context } = this.#parts;
    const { share, started, answer } = flow.replicas;
    const first = context.topology.replicaStart[service]!;
    const end = context.topology.replicaStart[service + 1]!;
    let sum = 0;
    let serving = 0;
    for (let replica = first; replica < end; replica += 1) {
      sum += started[replica]!;
      serving += answer[replica] === Answer.serves ? 1 : 0;
    }
    for (let replica = first; replica < end; replica += 1) {
      const equal = answer[replica] === Answer.serves ? 1 / serving : 0;
      share[replica] = sum > 0 ? started[replica]! / sum : equal;
    }
  }

  #refreshEdge(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const caller = plan.caller[edge]!;
    flow.columns.weight.fill(0, plan.columnStart[edge]!, plan.columnStart[edge + 1]!);
    if (caller < 0) this.#addRow(edge, 0, 1, -1);
    else {
      const first = context.topology.replicaStart[caller]!;
      const rows = context.topology.replicaStart[caller + 1]! - first;
      for (let row = 0; row < rows; row += 1) {
        const share = flow.replicas.share[first + row]!;
        if (share > 0) this.#addRow(edge, row, share, context.state.replicas.node[first + row]!);
      }
    }
    this.#storeLinks(edge);
    this.#markEdge(edge);
  }

  #addRow(edge: number, row: number, share: number, fromNode: number): void {
    const { plan, flow, context } = this.#parts;
    const { routes } = context;
    const isCall = edge < plan.calls;
    const weights = isCall ? routes.pairWeights : routes.doorWeights;
    const start = isCall ? routes.pairStart[edge]! : routes.doorStart[edge - plan.calls]!;
    const column = plan.columnStart[edge]!;
    const columns = plan.columnStart[edge + 1]! - column;
    const callee = context.topology.replicaStart[plan.callee[edge]!]!;
    for (let slot = 0; slot < columns; slot += 1) {
      const weight = share * weights[start + row * columns + slot]!;
      if (weight <= 0) continue;
      flow.columns.weight[column + slot]! += weight;
      this.#addLinks(fromNode, context.state.replicas.node[callee + slot]!, weight);
    }
  }

  #addLinks(fromNode: number, toNode: number, weight: number): void {
    if (toNode < 0 || fromNode === toNode) return;
    const { interconnect, nodeZone } = this.#parts.context.topology;
    this.#addLink(toNode, weight);
    if (fromNode < 0) return;
    this.#addLink(fromNode, weight);
    const between = interconnect[nodeZone[fromNode]! * this.#zones + nodeZone[toNode]!]!;
    if (between >= 0) this.#addLink(between, weight);
  }

  #addLink(link: number, weight: number): void {
    if (this.#linkShares[link] === 0) {
      this.#linksTouched[this.#touched] = link;
      this.#touched += 1;
    }
    this.#linkShares[link]! += weight;
  }

  #storeLinks(edge: number): void {
    const { plan, flow } = this.#parts;
    const start = plan.pathStart[edge]!;
    for (let index = 0; index < this.#touched; index += 1) {
      const link = this.#linksTouched[index]!;
      flow.paths.link[start + index] = link;
      flow.paths.share[start + index] = this.#linkShares[link]!;
      this.#linkShares[link] = 0;
    }
    flow.edges.links[edge] = this.#touched;
    this.#touched = 0;
  }

  #markEdge(edge: number): void {
    const { plan, flow } = this.#parts;
    const start = plan.pathStart[edge]!;
    const end = start + flow.edges.links[edge]!;
    let disturbed = 0;
    for (let at = start; at < end; at += 1) disturbed += flow.links.disturbed[flow.paths.link[at]!]!;
    flow.edges.disturbed[edge] = disturbed > 0 ? 1 : 0;
  }
}
