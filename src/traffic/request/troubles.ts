/** What faults between a caller and its callee do to single attempts before they are sent and when they are answered. */

import type { RandomStreams } from '../../base/index.ts';
import type { EffectKind, TrafficContext } from '../../cluster/index.ts';
import { sumOfPorts, unionOfPorts } from '../../cluster/index.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE, EDGE_FACTS, EdgeFact, EdgeField } from './rows.ts';
import type { RequestState } from './state.ts';

/** What becomes of an attempt before it is sent. */
export const Fate = { passes: 0, fails: 1, vanishes: 2 } as const;

/** Draws the fate of attempts; edges without trouble never ask. */
export class Troubles {
  readonly #plan: RequestPlan;
  readonly #state: RequestState;
  readonly #context: TrafficContext;
  readonly #streams: RandomStreams;
  readonly #firstStream: number;

  constructor(plan: RequestPlan, state: RequestState, context: TrafficContext, random: StreamRange) {
    this.#plan = plan;
    this.#state = state;
    this.#context = context;
    this.#streams = random.streams;
    this.#firstStream = random.first;
  }

  /** Effects have changed: marks the edges that have to ask. */
  refresh(): void {
    const edges = this.#state.edges.value;
    for (let edge = 0; edge < this.#plan.edges; edge += 1) {
      edges[edge * EDGE + EdgeField.troubled] = this.#isTroubled(edge) ? 1 : 0;
      const frayed = this.#anyPort('portCut', edge) || this.#anyPort('portLinger', edge);
      edges[edge * EDGE + EdgeField.frayed] = frayed ? 1 : 0;
    }
  }

  /** What becomes of an attempt before a replica is chosen, as a `Fate`. */
  beforeSending(edge: number, nowMicros: number): number {
    const { values } = this.#context.effects;
    const callee = this.#plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.callee]!;
    if (this.#happens(edge, values.serviceUnresolved[callee]!)) return Fate.fails;
    if (edge < this.#plan.calls) {
      if (this.#happens(edge, values.callMisconfigured[edge]!)) return Fate.fails;
      if (this.#exceedsQuota(edge, values.callQuota[edge]!, nowMicros)) return Fate.fails;
    }
    return this.#happens(edge, values.serviceMisdirected[callee]!) ? Fate.vanishes : Fate.passes;
  }

  /** Whether the connection is reset; the caller's port is -1 for users. */
  resets(edge: number, callerPort: number, replica: number): boolean {
    const { portReset } = this.#context.effects.values;
    return this.#happens(edge, unionOfPorts(portReset, callerPort, this.#calleePort(edge, replica)));
  }

  /** Whether an answer is cut off on its way. */
  cuts(edge: number, callerPort: number, replica: number): boolean {
    const { portCut } = this.#context.effects.values;
    return this.#happens(edge, unionOfPorts(portCut, callerPort, this.#calleePort(edge, replica)));
  }

  /** How long a connection stays taken after its answer. */
  lingerSeconds(edge: number, callerPort: number, replica: number): number {
    return sumOfPorts(this.#context.effects.values.portLinger, callerPort, this.#calleePort(edge, replica));
  }

  #calleePort(edge: number, replica: number): number {
    const first = this.#plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.calleeStart]!;
    return this.#context.topology.calleePortStart[edge]! + replica - first;
  }

  #happens(edge: number, chance: number): boolean {
    if (chance <= 0) return false;
    return this.#streams.uniform(this.#firstStream + edge) < chance;
  }

  /** A token bucket as deep as a tick of the flow engine. */
  #exceedsQuota(edge: number, perSecond: number, nowMicros: number): boolean {
    if (perSecond === Number.POSITIVE_INFINITY) return false;
    const { quota, quotaMicros } = this.#state.budgets;
    const most = Math.max(1, (perSecond * this.#plan.tickMicros) / 1e6);
    const tokens = Math.min(most, quota[edge]! + ((nowMicros - quotaMicros[edge]!) * perSecond) / 1e6);
    quotaMicros[edge] = nowMicros;
    quota[edge] = tokens < 1 ? tokens : tokens - 1;
    return tokens < 1;
  }

  #isTroubled(edge: number): boolean {
    const { values } = this.#context.effects;
    const callee = this.#plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.callee]!;
    if (values.serviceUnresolved[callee]! > 0 || values.serviceMisdirected[callee]! > 0) return true;
    if (this.#anyPort('portReset', edge)) return true;
    if (edge >= this.#plan.calls) return false;
    const limited = values.callQuota[edge]! !== Number.POSITIVE_INFINITY;
    return limited || values.callMisconfigured[edge]! > 0 || values.serviceBreakerOpen[callee]! > 0;
  }

  #anyPort(kind: EffectKind, edge: number): boolean {
    const values = this.#context.effects.values[kind];
    const { callerPortStart, calleePortStart } = this.#context.topology;
    for (let port = calleePortStart[edge]!; port < calleePortStart[edge + 1]!; port += 1) {
      if (values[port]! > 0) return true;
    }
    if (edge >= this.#plan.calls) return false;
    for (let port = callerPortStart[edge]!; port < callerPortStart[edge + 1]!; port += 1) {
      if (values[port]! > 0) return true;
    }
    return false;
  }
}

interface StreamRange {
  readonly streams: RandomStreams;
  readonly first: number;
}
