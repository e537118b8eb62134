/** An open network of queues with feedback. */

import type { NetworkNode } from '../queue-formulas.ts';
import type { Simulation } from '../simulation.ts';
import { TimeIntegral, Workbench } from './workbench.ts';

const ARRIVAL = 0;
const SERVED = 1;
const ROUTING = 0;

/** Quantities: the rate through every node, then the number in the network. */
export function jacksonStation(nodes: readonly NetworkNode[], options: StationOptions): Simulation {
  const streams = ['routing', ...nodes.flatMap((_, node) => [`arrivals/${node}`, `service/${node}`])];
  const bench = new Workbench({ streams, seed: options.seed, eventsMax: 64 });
  const present = nodes.map(() => 0);
  const passed = nodes.map(() => 0);
  const inNetwork = new TimeIntegral();
  const exponential = (stream: number, rate: number): number => bench.random.exponential(stream) / rate;
  const serve = (node: number): void =>
    bench.after(exponential(2 + 2 * node, nodes[node]!.serviceRate * options.rateFactor), SERVED, node);
  const enter = (node: number): void => {
    present[node]! += 1;
    if (present[node]! <= nodes[node]!.servers) serve(node);
  };
  const leave = (node: number): void => {
    present[node]! -= 1;
    passed[node]! += 1;
    if (present[node]! >= nodes[node]!.servers) serve(node);
    let left = bench.random.uniform(ROUTING);
    const to = nodes[node]!.next.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    if (to >= 0) enter(to);
    else inNetwork.set(inNetwork.value - 1, bench.now);
  };
  const arrive = (node: number): void => {
    bench.after(exponential(1 + 2 * node, nodes[node]!.outsideRate), ARRIVAL, node);
    inNetwork.set(inNetwork.value + 1, bench.now);
    enter(node);
  };
  nodes.forEach(({ outsideRate }, node) => {
    if (outsideRate > 0) bench.after(exponential(1 + 2 * node, outsideRate), ARRIVAL, node);
  });
  return {
    batch: () => {
      passed.fill(0);
      bench.run(options.batchSeconds, (kind, node) => (kind === ARRIVAL ? arrive(node) : leave(node)));
      return [...passed, inNetwork.take(bench.now)].map((sum) => sum / options.batchSeconds);
    },
  };
}

/** What every station is told. */
export interface StationOptions {
  readonly seed: string;
  readonly batchSeconds: number;
  /** Every service rate is multiplied by this: 1, or something else to see the check fail. */
  readonly rateFactor: number;
}
