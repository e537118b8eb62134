/** Room on nodes for replicas that would have to move: free cores and memory, as of the last `refresh`. */

import { type Cluster, Phase } from '../cluster/index.ts';

/** What the replicas on each node ask for, and what is left. Computed when first asked for. */
export class Room {
  readonly #cluster: Cluster;
  readonly #cores: Float64Array;
  readonly #memory: Float64Array;
  /** Replicas grouped by node: those on node i from `#starts[i]` to `#starts[i + 1]`. */
  readonly #starts: Int32Array;
  readonly #replicas: Int32Array;
  /** Node each replica of the node being emptied was put on for the moment. */
  readonly #placedOn: Int32Array;
  /** Answers given since the last refresh: 0 = not asked yet, 1 = no, 2 = yes. */
  readonly #emptied: Uint8Array;
  #known = false;

  constructor(cluster: Cluster) {
    const { nodes, replicas } = cluster.topology;
    this.#cluster = cluster;
    this.#cores = new Float64Array(nodes);
    this.#memory = new Float64Array(nodes);
    this.#starts = new Int32Array(nodes + 1);
    this.#replicas = new Int32Array(replicas);
    this.#placedOn = new Int32Array(replicas);
    this.#emptied = new Uint8Array(nodes);
  }

  /** Forgets what was computed. */
  refresh(): void {
    this.#known = false;
  }

  /** Whether any node has room for one more replica of a service. */
  hasRoom(service: number): boolean {
    this.#compute();
    for (let node = 0; node < this.#cores.length; node += 1) if (this.#fits(service, node)) return true;
    return false;
  }

  /** Whether all replicas on a node would find room on the others together. */
  canBeEmptied(node: number): boolean {
    this.#compute();
    if (this.#emptied[node] === 0) this.#emptied[node] = this.#tryToEmpty(node) ? 2 : 1;
    return this.#emptied[node] === 2;
  }

  /** Next fit: from the node after this one on, each replica goes to the first with room after the one before. */
  #tryToEmpty(node: number): boolean {
    const end = this.#starts[node + 1]!;
    let index = this.#starts[node]!;
    let at = node;
    for (; index < end; index += 1) {
      at = this.#nextWithRoom(this.#serviceAt(index), { from: at, avoid: node });
      if (at < 0) break;
      this.#take(this.#serviceAt(index), at, 1);
      this.#placedOn[index] = at;
    }
    const fits = index === end;
    while (index > this.#starts[node]!) {
      index -= 1;
      this.#take(this.#serviceAt(index), this.#placedOn[index]!, -1);
    }
    return fits;
  }

  #nextWithRoom(service: number, options: { readonly from: number; readonly avoid: number }): number {
    const nodes = this.#cores.length;
    for (let step = 0; step < nodes; step += 1) {
      const node = (options.from + step) % nodes;
      if (node !== options.avoid && this.#fits(service, node)) return node;
    }
    return -1;
  }

  #serviceAt(index: number): number {
    return this.#cluster.topology.replicaService[this.#replicas[index]!]!;
  }

  #fits(service: number, node: number): boolean {
    const { cpuRequestCores, memoryRequestBytes } = this.#cluster.spec.services[service]!;
    return this.#cores[node]! >= cpuRequestCores && this.#memory[node]! >= memoryRequestBytes;
  }

  #take(service: number, node: number, times: 1 | -1): void {
    const { cpuRequestCores, memoryRequestBytes } = this.#cluster.spec.services[service]!;
    this.#cores[node]! -= times * cpuRequestCores;
    this.#memory[node]! -= times * memoryRequestBytes;
  }

  #compute(): void {
    if (this.#known) return;
    this.#known = true;
    this.#emptied.fill(0);
    const { spec, state, effects } = this.#cluster;
    for (let node = 0; node < this.#cores.length; node += 1) {
      const open = state.nodes.silent[node] === 0 && effects.values.nodeCordoned[node] === 0;
      // Below zero not even a replica that asks for nothing fits.
      this.#cores[node] = open ? spec.nodes[node]!.cores : -1;
      this.#memory[node] = spec.nodes[node]!.memoryBytes;
    }
    this.#groupReplicas();
    for (let node = 0; node < this.#cores.length; node += 1) {
      for (let index = this.#starts[node]!; index < this.#starts[node + 1]!; index += 1) {
        this.#take(this.#serviceAt(index), node, 1);
      }
    }
  }

  #groupReplicas(): void {
    const { phase, node } = this.#cluster.state.replicas;
    this.#starts.fill(0);
    for (let replica = 0; replica < phase.length; replica += 1) {
      if (phase[replica] !== Phase.absent && node[replica]! >= 0) this.#starts[node[replica]! + 1]! += 1;
    }
    for (let at = 0; at < this.#cores.length; at += 1) this.#starts[at + 1]! += this.#starts[at]!;
    // Filled from the back, moving each start down to its place, so that no second array is needed.
    this.#starts.copyWithin(0, 1);
    for (let replica = phase.length - 1; replica >= 0; replica -= 1) {
      if (phase[replica] === Phase.absent || node[replica]! < 0) continue;
      const at = node[replica]!;
      this.#starts[at]! -= 1;
      this.#replicas[this.#starts[at]!] = replica;
    }
  }
}
