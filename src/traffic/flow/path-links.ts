/** Which links the attempts of each edge touch, and with what share of them; gathered pair by pair, then stored. */

import type { FlowParts } from './parts.ts';
import { EDGE_FACTS, EDGE_WIDTH, Edge, EdgeFact, SERVICE_WIDTH, Service } from './rows.ts';

/** Keeps the links of edges, and of all calls of a service together. */
export class PathLinks {
  readonly #parts: FlowParts;
  /** What has been gathered per link; zero between uses. */
  readonly #gathered: Float64Array;
  readonly #touched: Int32Array;
  readonly #zones: number;
  #count = 0;

  constructor(parts: FlowParts) {
    const { topology, spec } = parts.context;
    this.#parts = parts;
    this.#gathered = new Float64Array(topology.links);
    this.#touched = new Int32Array(topology.links);
    this.#zones = spec.zones.length;
  }

  /** Gathers the links between two nodes; -1 is outside, from where the callee's uplink is the whole way. */
  add(fromNode: number, toNode: number, share: number): void {
    if (toNode < 0 || fromNode === toNode) return;
    const { interconnect, nodeZone } = this.#parts.context.topology;
    this.#addLink(toNode, share);
    if (fromNode < 0) return;
    this.#addLink(fromNode, share);
    const between = interconnect[nodeZone[fromNode]! * this.#zones + nodeZone[toNode]!]!;
    if (between >= 0) this.#addLink(between, share);
  }

  /** Makes what has been gathered the links of an edge. */
  store(edge: number): void {
    const { plan, flow } = this.#parts;
    this.#parts.edges[edge * EDGE_WIDTH + Edge.links] = this.#count;
    this.#take(flow.paths.link, flow.paths.share, plan.pathStart[edge]!);
    this.time(edge);
    this.mark(edge);
  }

  /** Puts the bytes of all calls of a service together, per request it starts. */
  storeLoads(service: number): void {
    const { plan, flow, context } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
      const edge = items[index]!;
      const facts = edge * EDGE_FACTS;
      const bytes = plan.edgeFacts[facts + EdgeFact.perRequest]! * plan.edgeFacts[facts + EdgeFact.bytes]!;
      const end = this.#end(edge);
      for (let at = plan.pathStart[edge]!; at < end; at += 1) {
        this.#addLink(flow.paths.link[at]!, bytes * flow.paths.share[at]!);
      }
    }
    this.#parts.services[service * SERVICE_WIDTH + Service.loads] = this.#count;
    this.#take(flow.loads.link, flow.loads.bytes, plan.loadStart[service]!);
  }

  /** How long the trip there and back takes now. */
  time(edge: number): void {
    const { plan, flow } = this.#parts;
    const { delaySeconds, secondsPerByte } = flow.links;
    const bytes = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.bytes]!;
    const end = this.#end(edge);
    let seconds = 0;
    for (let at = plan.pathStart[edge]!; at < end; at += 1) {
      const link = flow.paths.link[at]!;
      seconds += (2 * delaySeconds[link]! + bytes * secondsPerByte[link]!) * flow.paths.share[at]!;
    }
    this.#parts.edges[edge * EDGE_WIDTH + Edge.networkSeconds] = seconds;
  }

  /** Marks the edge if it touches a disturbed link or port. */
  mark(edge: number): void {
    const { plan, flow } = this.#parts;
    const end = this.#end(edge);
    let disturbed = this.#parts.edges[edge * EDGE_WIDTH + Edge.ported]!;
    for (let at = plan.pathStart[edge]!; at < end; at += 1) disturbed += flow.links.disturbed[flow.paths.link[at]!]!;
    this.#parts.edges[edge * EDGE_WIDTH + Edge.disturbed] = disturbed > 0 ? 1 : 0;
    if (disturbed > 0) return;
    this.#parts.edges[edge * EDGE_WIDTH + Edge.oneRow] = 0;
    this.#parts.edges[edge * EDGE_WIDTH + Edge.network] = -1;
  }

  #addLink(link: number, share: number): void {
    // Calls without bytes; a link gathered as nothing would be touched twice, and there is room for each only once.
    if (share === 0) return;
    if (this.#gathered[link] === 0) {
      this.#touched[this.#count] = link;
      this.#count += 1;
    }
    this.#gathered[link]! += share;
  }

  #take(links: Int32Array, values: Float64Array, start: number): void {
    for (let index = 0; index < this.#count; index += 1) {
      const link = this.#touched[index]!;
      links[start + index] = link;
      values[start + index] = this.#gathered[link]!;
      this.#gathered[link] = 0;
    }
    this.#count = 0;
  }

  #end(edge: number): number {
    return this.#parts.plan.pathStart[edge]! + this.#parts.edges[edge * EDGE_WIDTH + Edge.links]!;
  }
}
