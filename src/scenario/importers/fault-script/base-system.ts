/** The system that imported faults act on: what of it other tools can name, and what follows from a name. */
import { type ClusterSpec, type ClusterTopology, clusterTopology } from '../../../cluster/index.ts';
import { estimateLoad } from '../../load-estimate.ts';
import type { Scenario } from '../../scenario.ts';

/** A replica, or all of a service. */
export interface NamedPod {
  readonly service: string;
  /** Null = one of them. */
  readonly replica: number | null;
}

export class BaseSystem {
  readonly scenario: Scenario;
  readonly topology: ClusterTopology;
  readonly #services: ReadonlyMap<string, string>;
  readonly #bindings: ReadonlyMap<string, string>;
  /** As they were given. */
  readonly #written: readonly (readonly [value: string, service: string])[];
  readonly #usedBindings = new Set<string>();
  /** Requests per second that a service takes. */
  readonly #loads: ReadonlyMap<string, number>;

  /** `bindings` lead from a value that experiments use, for instance of a label, to the name of a service. */
  constructor(scenario: Scenario, bindings: ReadonlyMap<string, string> = new Map()) {
    this.scenario = scenario;
    this.topology = clusterTopology(scenario.cluster);
    this.#services = new Map(this.serviceNames.map((name) => [name.toLowerCase(), name]));
    this.#written = [...bindings];
    this.#bindings = new Map([...bindings].map(([value, name]) => [value.toLowerCase(), name]));
    this.#loads = new Map(estimateLoad(scenario.cluster).map((load) => [load.name, load.requestsPerSecond]));
  }

  get cluster(): ClusterSpec {
    return this.scenario.cluster;
  }

  get serviceNames(): string[] {
    return this.cluster.services.map(({ name }) => name);
  }

  /** When chaos falls silent, and when the episode ends. */
  get contestSeconds(): number {
    return this.scenario.contest.contestSeconds;
  }
  get totalSeconds(): number {
    return this.scenario.contest.contestSeconds + this.scenario.contest.recoverySeconds;
  }

  /** The service meant by a value, in any capitals. */
  serviceOf(value: string): string | undefined {
    const written = value.toLowerCase();
    const bound = this.#bindings.get(written);
    if (bound !== undefined) this.#usedBindings.add(written);
    return bound ?? this.#services.get(written);
  }

  /** Bindings whose value nobody has asked for. */
  get unusedBindings(): readonly (readonly [value: string, service: string])[] {
    return this.#written.filter(([value]) => !this.#usedBindings.has(value.toLowerCase()));
  }

  /** The service meant by a host name, as a cluster's DNS knows it. */
  serviceOfHost(host: string): string | undefined {
    const [first = '', second, marker] = host.toLowerCase().split('.', 3);
    if (second === undefined || marker === 'svc') return this.serviceOf(first);
    return undefined;
  }

  /** `cart-7d9f8b-x2x5q` is of cart, and `redis-0` the first replica of redis. */
  podOf(name: string): NamedPod | undefined {
    const service = this.serviceNames
      .filter((each) => name === each || name.startsWith(`${each}-`))
      .sort((a, b) => b.length - a.length)[0];
    if (service === undefined) return undefined;
    const ordinal = /^-(\d{1,4})$/.exec(name.slice(service.length))?.[1];
    const replica = ordinal === undefined ? null : Number(ordinal);
    return { service, replica: replica !== null && replica < this.replicas(service) ? replica : null };
  }

  nodeOf(name: string): string | undefined {
    return this.cluster.nodes.find((node) => node.name.toLowerCase() === name.toLowerCase())?.name;
  }

  nodesOfZone(zone: string): string[] {
    const index = this.cluster.zones.indexOf(zone);
    return this.cluster.nodes.filter((node) => node.zone === index).map(({ name }) => name);
  }

  coresOf(node: string): number {
    return this.cluster.nodes.find(({ name }) => name === node)?.cores ?? 1;
  }

  /** The link from a machine to its zone. */
  uplinkOf(node: string): string {
    return `${node}-uplink`;
  }

  /** The link between two zones, in the order in which its name says them. */
  interconnectOf(zone: string, other: string): { readonly link: string; readonly isForward: boolean } | undefined {
    const links = [
      { link: `${zone}--${other}`, isForward: true },
      { link: `${other}--${zone}`, isForward: false },
    ];
    return links.find(({ link }) => this.topology.componentNames.includes(link));
  }

  /** Bytes per second that a link carries. */
  capacityOf(link: string): number {
    const index = this.topology.componentNames.indexOf(link) - this.topology.offsets.link;
    return this.cluster.nodes[index]?.uplinkBytesPerSecond ?? this.cluster.network.interconnectBytesPerSecond;
  }

  replicas(service: string): number {
    return this.#spec(service)?.replicas ?? 0;
  }

  cpuLimitCores(service: string): number {
    return this.#spec(service)?.cpuLimitCores ?? 1;
  }

  /** Memory that a replica has left when it is idle, and all it may use. */
  memory(service: string): { readonly freeBytes: number; readonly limitBytes: number } {
    const spec = this.#spec(service);
    const limitBytes = spec?.memoryLimitBytes ?? 1;
    return { freeBytes: Math.max(1, limitBytes - (spec?.memoryBaseBytes ?? 0)), limitBytes };
  }

  /** Disks of a service's replicas, those it starts with. */
  disksOf(service: string): string[] {
    const names = this.topology.componentNames.slice(this.topology.offsets.disk);
    const own = new RegExp(`^${service.replaceAll('.', '\\.')}-disk-\\d+$`);
    return names.filter((name) => own.test(name)).slice(0, this.replicas(service));
  }

  /** Machines of a service's replicas, where the scenario states them. */
  machinesOf(service: string): string[] {
    return (this.#spec(service)?.placement ?? []).map((index) => this.cluster.nodes[index]?.name ?? '');
  }

  /** Services that a service calls. */
  calleesOf(service: string): string[] {
    return this.#calls().flatMap(({ caller, callee }) => (caller === service ? [callee] : []));
  }

  /** Services that call a service, with the calls per second that each makes. */
  callersOf(service: string): { readonly name: string; readonly callsPerSecond: number }[] {
    return this.#calls()
      .filter(({ callee }) => callee === service)
      .map(({ caller, perRequest }) => ({
        name: caller,
        callsPerSecond: perRequest * (this.#loads.get(caller) ?? 0),
      }));
  }

  #spec(service: string) {
    return this.cluster.services.find(({ name }) => name === service);
  }

  #calls() {
    const name = (index: number) => this.cluster.services[index]?.name ?? '';
    return this.cluster.calls.map(({ caller, callee, perRequest }) => ({
      caller: name(caller),
      callee: name(callee),
      perRequest,
    }));
  }
}
