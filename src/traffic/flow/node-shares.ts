/** How the replicas on one machine share its cores when they and foreign work want more than it has. */

import { leaveCalmAll } from './calm.ts';
import type { FlowParts } from './parts.ts';
import { Answer, REPLICA_WIDTH, Replica, SERVICE_FACTS, ServiceFact } from './rows.ts';

/** A starved process still gets this share of its limit. */
const SHARE_MIN = 0.01;

/** Shares the cores of every node; nodes with cores to spare are left out. */
export class NodeShares {
  readonly #parts: FlowParts;
  readonly #cores: Float64Array;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#cores = Float64Array.from(parts.context.spec.nodes, (node) => node.cores);
  }

  /** Shares by the demand of the tick before; call before arrivals are cleared. */
  update(): void {
    const { flow, context } = this.#parts;
    const { tight, limitMax } = flow.nodes;
    const { cpuUsedCores } = context.state.nodes;
    const stolen = context.effects.values.nodeCpuStolen;
    let tightNodes = 0;
    let changed = false;
    for (let node = 0; node < this.#cores.length; node += 1) {
      // Where the largest process could double its use and still find a core, nobody waits for one.
      const isTight = cpuUsedCores[node]! + stolen[node]! + limitMax[node]! > this.#cores[node]! ? 1 : 0;
      if (isTight !== tight[node]) changed = true;
      tight[node] = isTight;
      tightNodes += isTight;
    }
    flow.clock.nodesTight[0] = tightNodes > 0 ? 1 : 0;
    if (changed) leaveCalmAll(this.#parts);
    if (tightNodes > 0) this.#share();
  }

  #share(): void {
    const { flow, context } = this.#parts;
    const { demandCores, tight } = flow.nodes;
    const stolen = context.effects.values.nodeCpuStolen;
    const { node: nodeOf } = context.state.replicas;
    for (let node = 0; node < this.#cores.length; node += 1) demandCores[node] = stolen[node]!;
    for (let replica = 0; replica < context.topology.replicas; replica += 1) {
      const node = nodeOf[replica]!;
      if (node >= 0 && tight[node] === 1) demandCores[node]! += this.#demand(replica);
    }
    for (let replica = 0; replica < context.topology.replicas; replica += 1) {
      const node = nodeOf[replica]!;
      if (node >= 0 && tight[node] === 1) this.#allot(replica, node);
    }
  }

  /** Cores a replica would use now: for what arrives and for what waits. */
  #demand(replica: number): number {
    const { plan, context } = this.#parts;
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    if (row[at + Replica.answer] !== Answer.serves) return 0;
    const facts = context.topology.replicaService[replica]! * SERVICE_FACTS;
    const waiting = (row[at + Replica.inSystem]! - row[at + Replica.busy]!) / plan.tickSeconds;
    const wanted = plan.serviceFacts[facts + ServiceFact.cpuSeconds]! * (row[at + Replica.arrivals]! + waiting);
    return Math.min(plan.serviceFacts[facts + ServiceFact.cpuLimitCores]!, wanted);
  }

  #allot(replica: number, node: number): void {
    const { plan, flow, context } = this.#parts;
    const facts = context.topology.replicaService[replica]! * SERVICE_FACTS;
    const limit = plan.serviceFacts[facts + ServiceFact.cpuLimitCores]!;
    const demand = this.#demand(replica);
    const all = flow.nodes.demandCores[node]!;
    const cores = this.#cores[node]!;
    const allotted = all > cores ? (demand * cores) / all : demand + cores - all;
    this.#parts.replicas[replica * REPLICA_WIDTH + Replica.cores] = Math.max(
      SHARE_MIN * limit,
      Math.min(limit, allotted),
    );
  }
}
