/**
 * To which replicas an edge's attempts go, on average over the caller's replicas, and over which links. Worked out anew
 * only when routes change or a caller's replicas come to share its work differently.
 */

import { weightStart, weightsOf } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import { PathLinks } from './path-links.ts';
import { Answer, EDGE_WIDTH, Edge, REPLICA_WIDTH, Replica, SERVICE_WIDTH, Service } from './rows.ts';

/** Shares that moved by less than this leave paths as they are. */
const SHARE_DRIFT = 0.02;

/** Keeps columns and paths of edges, and shares of callers. */
export class Paths {
  readonly #parts: FlowParts;
  readonly #links: PathLinks;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#links = new PathLinks(parts);
  }

  /** Routes have changed: everything anew. */
  refreshAll(): void {
    const { plan, context } = this.#parts;
    for (let service = 0; service < context.topology.services; service += 1) this.#refreshShares(service);
    for (let edge = 0; edge < plan.edges; edge += 1) this.#refreshEdge(edge);
    for (let service = 0; service < context.topology.services; service += 1) this.#links.storeLoads(service);
    this.markPlain();
  }

  /** Looks whether a service's replicas share its work as they did. */
  follow(service: number): void {
    const { flow, context } = this.#parts;
    const row = this.#parts.replicas;
    const sum = this.#parts.services[service * SERVICE_WIDTH + Service.started]!;
    const end = this.#parts.services[service * SERVICE_WIDTH + Service.slotEnd]!;
    let drifted = false;
    for (let replica = context.topology.replicaStart[service]!; replica < end; replica += 1) {
      const at = replica * REPLICA_WIDTH;
      const drift = row[at + Replica.started]! - row[at + Replica.share]! * sum;
      if (Math.abs(drift) > SHARE_DRIFT * sum) drifted = true;
    }
    if (!drifted) return;
    flow.clock.plainStale[0] = 1;
    this.#refreshShares(service);
    const { starts, items } = context.topology.callsOut;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) this.#refreshEdge(items[index]!);
    this.#links.storeLoads(service);
  }

  /** Links have become disturbed or calmed down: marks the edges that touch one. */
  markDisturbed(): void {
    const { plan, flow } = this.#parts;
    flow.clock.disturbedStale[0] = 0;
    for (let edge = 0; edge < plan.edges; edge += 1) this.#links.mark(edge);
    this.markPlain();
  }

  /** Marks the edges over which all endpoints fare alike, and the services that only such edges reach. */
  markPlain(): void {
    const { plan, flow, edges, services } = this.#parts;
    flow.clock.plainStale[0] = 0;
    for (let at = Service.plain; at < services.length; at += SERVICE_WIDTH) services[at] = 1;
    for (let edge = 0; edge < plan.edges; edge += 1) {
      const at = edge * EDGE_WIDTH;
      const plain = edges[at + Edge.even] === 1 && edges[at + Edge.disturbed] === 0;
      edges[at + Edge.plain] = plain ? 1 : 0;
      if (!plain) services[plan.callee[edge]! * SERVICE_WIDTH + Service.plain] = 0;
    }
  }

  /** Tells the edges how long the trip takes now. */
  refreshDelays(): void {
    const { plan, flow } = this.#parts;
    flow.clock.delaysStale[0] = 0;
    flow.links.delayKnown.set(flow.links.delaySeconds);
    for (let edge = 0; edge < plan.edges; edge += 1) this.#links.time(edge);
  }

  /** By what each replica started in the last tick; equal among those that serve when nothing was. */
  #refreshShares(service: number): void {
    const { context, replicas } = this.#parts;
    const first = context.topology.replicaStart[service]! * REPLICA_WIDTH;
    const end = context.topology.replicaStart[service + 1]! * REPLICA_WIDTH;
    let sum = 0;
    let serving = 0;
    for (let at = first; at < end; at += REPLICA_WIDTH) {
      sum += replicas[at + Replica.started]!;
      serving += replicas[at + Replica.answer] === Answer.serves ? 1 : 0;
    }
    for (let at = first; at < end; at += REPLICA_WIDTH) {
      const equal = replicas[at + Replica.answer] === Answer.serves ? 1 / serving : 0;
      replicas[at + Replica.share] = sum > 0 ? replicas[at + Replica.started]! / sum : equal;
    }
  }

  #refreshEdge(edge: number): void {
    const { plan, flow, context, replicas, edges } = this.#parts;
    const { replicaStart } = context.topology;
    const caller = plan.caller[edge]!;
    flow.columns.weight.fill(0, plan.columnStart[edge]!, plan.columnStart[edge + 1]!);
    if (caller < 0) this.#addRow(edge, { row: 0, share: 1, fromNode: -1 });
    else {
      const first = replicaStart[caller]!;
      for (let replica = first; replica < replicaStart[caller + 1]!; replica += 1) {
        const share = replicas[replica * REPLICA_WIDTH + Replica.share]!;
        const fromNode = context.state.replicas.node[replica]!;
        if (share > 0) this.#addRow(edge, { row: replica - first, share, fromNode });
      }
    }
    this.#links.store(edge);
    const even = this.#isEven(edge);
    edges[edge * EDGE_WIDTH + Edge.even] = even ? 1 : 0;
    if (!even) edges[edge * EDGE_WIDTH + Edge.plain] = 0;
  }

  #addRow(edge: number, from: { row: number; share: number; fromNode: number }): void {
    const { plan, flow, context } = this.#parts;
    const weights = weightsOf(this.#parts, edge);
    const start = weightStart(this.#parts, edge);
    const column = plan.columnStart[edge]!;
    const columns = plan.columnStart[edge + 1]! - column;
    const callee = context.topology.replicaStart[plan.callee[edge]!]!;
    for (let slot = 0; slot < columns; slot += 1) {
      const weight = from.share * weights[start + from.row * columns + slot]!;
      if (weight <= 0) continue;
      flow.columns.weight[column + slot]! += weight;
      this.#links.add(from.fromNode, context.state.replicas.node[callee + slot]!, weight);
    }
  }

  #isEven(edge: number): boolean {
    const { plan, flow, context, replicas } = this.#parts;
    const first = context.topology.replicaStart[plan.callee[edge]!]!;
    const start = plan.columnStart[edge]!;
    let share = -1;
    for (let column = start; column < plan.columnStart[edge + 1]!; column += 1) {
      if (replicas[(first + column - start) * REPLICA_WIDTH + Replica.endpoint] === 0) continue;
      const weight = flow.columns.weight[column]!;
      if (share >= 0 && weight !== share) return false;
      share = weight;
    }
    return share > 0;
  }
}
