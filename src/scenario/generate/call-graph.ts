/**
 * Draws who calls whom, after studies of production traces: trees more than meshes, heavy-tailed fan-out, shallow, with a
 * few services that many share (Luo et al., SoCC 2021, at Alibaba; Huye et al., USENIX ATC 2023, at Meta).
 */
import { pow, type RandomStream } from '../../base/index.ts';
import { item } from './item.ts';

/** Entries take users in, shared services have many callers, stores keep data and call nobody. */
export type Tier = 'entry' | 'logic' | 'shared' | 'store';

interface DrawnCall {
  readonly callee: number;
  readonly perRequest: number;
  /** Whether the caller fails when the call does. */
  readonly required: boolean;
}

export interface DrawnService {
  readonly tier: Tier;
  readonly calls: DrawnCall[];
}

/** Shares of all services. */
const SHARED_SHARE = 0.04;
const STORE_SHARE = 0.18;
/** One entry for about so many services. */
const SERVICES_PER_ENTRY = 50;
const ENTRIES_MAX = 20;
/** Smaller is heavier: the exponent of the Pareto law by which services attract callees. */
const FAN_OUT_EXPONENT = 1.5;
const FAN_OUT_MAX = 24;
/** Calls of one request to logic below: so many for one callee, and more with more callees, but not in proportion. */
const CALLS_BELOW = { least: 0.6, most: 1, exponent: 0.65 };

/** The services in order of tier, each with its calls; all are reachable from an entry, and calls form no cycle. */
export function drawCallGraph(services: number, stream: RandomStream): DrawnService[] {
  const drawing = new Drawing(tierCounts(services), stream);
  drawing.growTree(layersOfLogic(services));
  drawing.callShared();
  drawing.callStores();
  return drawing.services;
}

interface TierCounts {
  readonly entry: number;
  readonly logic: number;
  readonly shared: number;
  readonly store: number;
}

function tierCounts(services: number): TierCounts {
  const entry = Math.max(1, Math.min(ENTRIES_MAX, Math.round(services / SERVICES_PER_ENTRY)));
  const shared = services < 8 ? 0 : Math.max(1, Math.round(SHARED_SHARE * services));
  const store = Math.max(1, Math.round(STORE_SHARE * services));
  return { entry, logic: services - entry - shared - store, shared, store };
}

/** Requests at Alibaba pass about four to six services on their longest way. */
function layersOfLogic(services: number): number {
  if (services < 30) return 2;
  return services < 200 ? 3 : 4;
}

class Drawing {
  readonly services: DrawnService[];
  readonly #counts: TierCounts;
  readonly #stream: RandomStream;
  readonly #layer: number[];

  constructor(counts: TierCounts, stream: RandomStream) {
    this.#counts = counts;
    this.#stream = stream;
    const tiers: Tier[] = ['entry', 'logic', 'shared', 'store'];
    this.services = tiers.flatMap((tier) => Array.from({ length: counts[tier] }, () => ({ tier, calls: [] })));
    this.#layer = this.services.map(() => 0);
  }

  /** Every logic service gets a caller in a layer above, drawn by attraction, and one in ten a second one. */
  growTree(layers: number): void {
    const first = this.#counts.entry;
    const end = first + this.#counts.logic;
    const children: number[][] = this.services.map(() => []);
    const attraction = this.services.map(() => pow(1 - this.#stream.uniform(), -1 / FAN_OUT_EXPONENT));
    for (let service = first; service < end; service += 1) {
      // The first ones go below the entries, so that no entry is left without anything to do.
      const caller = service - first < this.#counts.entry ? service - first : -1;
      this.#adopt(
        caller >= 0 ? caller : this.#drawCaller(service, layers, { attraction, children }),
        service,
        children,
      );
    }
    for (let service = first; service < end; service += 1) {
      if (this.#stream.uniform() >= 0.1) continue;
      const caller = this.#drawCaller(service, item(this.#layer, service), { attraction, children });
      if (!item(children, caller).includes(service)) item(children, caller).push(service);
    }
    for (const [caller, callees] of children.entries()) this.#shareOut(caller, callees);
  }

  #adopt(caller: number, service: number, children: number[][]): void {
    item(children, caller).push(service);
    this.#layer[service] = item(this.#layer, caller) + 1;
  }

  /** A service before this one, above the layer and with room for a callee. */
  #drawCaller(
    service: number,
    layer: number,
    { attraction, children }: { readonly attraction: readonly number[]; readonly children: readonly number[][] },
  ): number {
    const weights: number[] = [];
    for (let each = 0; each < service; each += 1) {
      const open = item(this.#layer, each) < layer && item(children, each).length < FAN_OUT_MAX;
      weights.push(open ? item(attraction, each) : 0);
    }
    const chosen = drawIndex(weights, this.#stream);
    return chosen >= 0 ? chosen : this.#stream.integer(this.#counts.entry);
  }

  /** Splits the calls of a request unevenly over the callees. */
  #shareOut(caller: number, callees: readonly number[]): void {
    const weights = callees.map(() => this.#stream.exponential() + 0.5);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const { least, most, exponent } = CALLS_BELOW;
    const calls = between(least, most, this.#stream) * pow(callees.length, exponent);
    for (const [index, callee] of callees.entries()) {
      const perRequest = Math.min(1.5, (calls * item(weights, index)) / sum);
      this.#call(caller, { callee, perRequest, required: this.#stream.uniform() < 0.75 });
    }
  }

  /** A third of all callers use a shared service, the first ones among these most. */
  callShared(): void {
    const { entry, logic, shared } = this.#counts;
    if (shared === 0) return;
    const popularity = Array.from({ length: shared }, (_, rank) => 1 / (rank + 2));
    const called = new Set<number>();
    const link = (caller: number, index: number): void => {
      called.add(index);
      const perRequest = between(0.2, 0.6, this.#stream);
      this.#call(caller, { callee: entry + logic + index, perRequest, required: this.#stream.uniform() < 0.7 });
    };
    for (let caller = 0; caller < entry + logic; caller += 1) {
      if (this.#stream.uniform() < 0.35) link(caller, drawIndex(popularity, this.#stream));
    }
    for (let index = 0; index < shared; index += 1) {
      if (!called.has(index)) link(this.#stream.integer(entry + logic), index);
    }
  }

  /** Each store has one owner, shared services and those without callees of their own first; some have a guest. */
  callStores(): void {
    const { entry, logic, shared, store } = this.#counts;
    const firstStore = entry + logic + shared;
    const owners = this.#storeOwners();
    for (let index = 0; index < store; index += 1) {
      const callee = firstStore + index;
      this.#call(item(owners, index % owners.length), {
        callee,
        perRequest: between(0.8, 1.4, this.#stream),
        required: true,
      });
    }
    for (let caller = entry; caller < entry + logic; caller += 1) {
      if (this.#stream.uniform() >= 0.15) continue;
      const callee = firstStore + this.#stream.integer(store);
      if (item(this.services, caller).calls.some((call) => call.callee === callee)) continue;
      this.#call(caller, { callee, perRequest: between(0.2, 0.6, this.#stream), required: true });
    }
  }

  #storeOwners(): number[] {
    const { entry, logic, shared } = this.#counts;
    const indices = (first: number, length: number) => Array.from({ length }, (_, index) => first + index);
    const logicServices = shuffled(indices(entry, logic), this.#stream);
    const isLeaf = (service: number) => item(this.services, service).calls.length === 0;
    const owners = [
      ...indices(entry + logic, shared),
      ...logicServices.filter(isLeaf),
      ...logicServices.filter((service) => !isLeaf(service)),
    ];
    return owners.length > 0 ? owners : indices(0, entry);
  }

  #call(caller: number, call: DrawnCall): void {
    item(this.services, caller).calls.push({
      ...call,
      perRequest: Math.max(0.05, Math.round(100 * call.perRequest) / 100),
    });
  }
}

/** Uniform between two numbers. */
export function between(least: number, most: number, stream: RandomStream): number {
  return least + (most - least) * stream.uniform();
}

/** An index drawn by weight; -1 when all weights are 0. */
function drawIndex(weights: readonly number[], stream: RandomStream): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let rest = stream.uniform() * sum;
  let last = -1;
  for (const [index, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = index;
    if (rest < weight) return index;
    rest -= weight;
  }
  return last;
}

function shuffled(values: readonly number[], stream: RandomStream): number[] {
  const result = [...values];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = stream.integer(index + 1);
    [result[index], result[other]] = [item(result, other), item(result, index)];
  }
  return result;
}
