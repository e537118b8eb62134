/** How the replicas on one machine share its cores when they and foreign work want more than it has. */

import { CPU_SHARE_MIN, cpuStolenCores } from '../../cluster/index.ts';
import { CoreShares } from '../core-shares.ts';
import { leaveCalmAll } from './calm.ts';
import type { FlowParts } from './parts.ts';
import { Answer, REPLICA_WIDTH, Replica, SERVICE_FACTS, ServiceFact } from './rows.ts';

/** Shares the cores of every node; nodes with cores to spare are left out. */
export class NodeShares {
  readonly #parts: FlowParts;
  readonly #cores: Float64Array;
  readonly #shares: CoreShares;
  /** What each replica wants, and may have at most; 0 on nodes with cores to spare. */
  readonly #demands: Float64Array;
  readonly #limits: Float64Array;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#cores = Float64Array.from(parts.context.spec.nodes, (node) => node.cores);
    this.#shares = new CoreShares(parts.context.spec);
    this.#demands = new Float64Array(parts.context.topology.replicas);
    this.#limits = new Float64Array(parts.context.topology.replicas);
  }

  /** Shares by the demand of the tick before; call before arrivals are cleared. */
  update(): void {
    const { flow, context } = this.#parts;
    const { tight, limitMax, stolenCores } = flow.nodes;
    const { cpuUsedCores } = context.state.nodes;
    let tightNodes = 0;
    let changed = false;
    for (let node = 0; node < this.#cores.length; node += 1) {
      // Where the largest process could double its use and still find a core, nobody waits for one.
      const isTight = cpuUsedCores[node]! + stolenCores[node]! + limitMax[node]! > this.#cores[node]! ? 1 : 0;
      if (isTight !== tight[node]) changed = true;
      tight[node] = isTight;
      tightNodes += isTight;
    }
    flow.clock.nodesTight[0] = tightNodes > 0 ? 1 : 0;
    if (changed) leaveCalmAll(this.#parts);
    if (tightNodes > 0) this.#share();
  }

  /** Counts what other processes in the containers took in the tick, after the replicas' own work has been counted. */
  meter(): void {
    const { plan, flow, context } = this.#parts;
    if (flow.clock.coresStolen[0] === 0) return;
    for (let replica = 0; replica < context.topology.replicas; replica += 1) {
      const stolen = cpuStolenCores(context, replica);
      if (stolen === 0) continue;
      context.meters.replicas.cpuSeconds[replica]! += stolen * plan.tickSeconds;
      context.state.nodes.cpuUsedCores[context.state.replicas.node[replica]!]! += stolen;
    }
  }

  #share(): void {
    const { flow, context } = this.#parts;
    const { tight, stolenCores } = flow.nodes;
    const { node: nodeOf } = context.state.replicas;
    const row = this.#parts.replicas;
    for (let replica = 0; replica < context.topology.replicas; replica += 1) {
      const node = nodeOf[replica]!;
      const isShared = node >= 0 && tight[node] === 1;
      this.#demands[replica] = isShared ? this.#demand(replica) : 0;
      this.#limits[replica] = isShared ? row[replica * REPLICA_WIDTH + Replica.limitCores]! : 0;
    }
    this.#shares.share(context.state, { demand: this.#demands, limit: this.#limits, stolen: stolenCores });
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
    return plan.serviceFacts[facts + ServiceFact.cpuSeconds]! * (row[at + Replica.arrivals]! + waiting);
  }

  /** What it may use: the share of its limit that all on the machine get who want more. */
  #allot(replica: number, node: number): void {
    const { plan, context } = this.#parts;
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    const facts = context.topology.replicaService[replica]! * SERVICE_FACTS;
    const least = CPU_SHARE_MIN * plan.serviceFacts[facts + ServiceFact.cpuLimitCores]!;
    row[at + Replica.cores] = Math.max(least, this.#shares.level[node]! * row[at + Replica.limitCores]!);
  }
}
