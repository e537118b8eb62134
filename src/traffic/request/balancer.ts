/** Load balancing of single attempts: by the routes' weights, as the service is set to choose. */

import type { RandomStreams } from '../../base/index.ts';
import type { Balancing, Routes, TrafficContext } from '../../cluster/index.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE_FACTS, EdgeFact, NONE, STATION, Station } from './rows.ts';
import type { RequestState } from './state.ts';

const UNBOUND_INTS: Int32Array = new Int32Array();
const UNBOUND_FLOATS: Float64Array = new Float64Array();
const policies: Readonly<Record<Balancing, number>> = { random: 0, 'round-robin': 1, 'two-choices': 2 };

/** Chooses replicas. */
export class Balancer {
  readonly #facts: Float64Array;
  readonly #calls: number;
  readonly #state: RequestState;
  readonly #routes: Routes;
  readonly #streams: RandomStreams;
  readonly #firstStream: number;
  /** By edge: how its callee is balanced, and where its weights begin. */
  readonly #policy: Uint8Array;
  readonly #start: Int32Array;
  readonly #turnStart: Int32Array;
  #pairs: Float64Array = UNBOUND_FLOATS;
  #doors: Float64Array = UNBOUND_FLOATS;
  #turns: Int32Array = UNBOUND_INTS;
  #stations: Int32Array = UNBOUND_INTS;

  /** The stream of edge k is `firstStream + k`. */
  constructor(plan: RequestPlan, state: RequestState, context: TrafficContext, random: StreamRange) {
    const { spec, routes, topology } = context;
    this.#facts = plan.edgeFacts;
    this.#calls = plan.calls;
    this.#state = state;
    this.#routes = routes;
    this.#streams = random.streams;
    this.#firstStream = random.first;
    const services = [...spec.calls.map((call) => call.callee), ...spec.workloads.map((workload) => workload.service)];
    this.#policy = Uint8Array.from(services, (service) => policies[spec.services[service]!.balancing]);
    this.#start = Int32Array.from(services, (_, edge) =>
      edge < plan.calls ? routes.pairStart[edge]! : routes.doorStart[edge - plan.calls]!,
    );
    this.#turnStart = Int32Array.from(services, (_, edge) =>
      edge < plan.calls ? topology.callerPortStart[edge]! : topology.callerPorts + edge - plan.calls,
    );
  }

  bind(): void {
    this.#pairs = this.#routes.pairWeights;
    this.#doors = this.#routes.doorWeights;
    this.#turns = this.#state.turns.value;
    this.#stations = this.#state.stations.value;
  }

  /** A replica slot for an attempt from a caller's slot (0 for users), -1 = there is no endpoint. */
  choose(edge: number, callerSlot: number): number {
    const fact = edge * EDGE_FACTS;
    const slots = this.#facts[fact + EdgeFact.calleeSlots]!;
    const start = this.#start[edge]! + callerSlot * slots;
    const policy = this.#policy[edge]!;
    let slot: number;
    if (policy === 0) slot = this.#draw(edge, start, slots);
    else if (policy === 1) slot = this.#next(edge, this.#turnStart[edge]! + callerSlot, start, slots);
    else slot = this.#better(edge, start, slots);
    return slot < 0 ? NONE : this.#facts[fact + EdgeFact.calleeStart]! + slot;
  }

  #draw(edge: number, start: number, slots: number): number {
    const weights = edge < this.#calls ? this.#pairs : this.#doors;
    let rest = this.#streams.uniform(this.#firstStream + edge);
    let last = NONE;
    for (let slot = 0; slot < slots; slot += 1) {
      const weight = weights[start + slot]!;
      if (weight <= 0) continue;
      last = slot;
      rest -= weight;
      if (rest < 0) return slot;
    }
    return last;
  }

  #next(edge: number, turn: number, start: number, slots: number): number {
    const weights = edge < this.#calls ? this.#pairs : this.#doors;
    let slot = this.#turns[turn]!;
    for (let tried = 0; tried < slots; tried += 1) {
      if (slot >= slots) slot = 0;
      if (weights[start + slot]! > 0) {
        this.#turns[turn] = slot + 1;
        return slot;
      }
      slot += 1;
    }
    return NONE;
  }

  /** Of two different replicas drawn at random, the one with fewer requests. */
  #better(edge: number, start: number, slots: number): number {
    const first = this.#draw(edge, start, slots);
    if (first < 0) return NONE;
    const weights = edge < this.#calls ? this.#pairs : this.#doors;
    let rest = this.#streams.uniform(this.#firstStream + edge) * (1 - weights[start + first]!);
    let second = NONE;
    for (let slot = 0; slot < slots; slot += 1) {
      const weight = weights[start + slot]!;
      if (weight <= 0 || slot === first) continue;
      second = slot;
      rest -= weight;
      if (rest < 0) break;
    }
    if (second < 0) return first;
    const replica = this.#facts[edge * EDGE_FACTS + EdgeFact.calleeStart]!;
    return this.#inSystem(replica + second) < this.#inSystem(replica + first) ? second : first;
  }

  #inSystem(replica: number): number {
    return this.#stations[replica * STATION + Station.inSystem]!;
  }
}

interface StreamRange {
  readonly streams: RandomStreams;
  readonly first: number;
}
