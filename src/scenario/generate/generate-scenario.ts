/** Makes up a cluster of any size for tests of scale and for training on many clusters: graph, then sizes, then machines. */
import { assert, exp, quantile, RandomStream } from '../../base/index.ts';
import type { CallSection, ScenarioDocument, ServiceSection, WorkloadSection } from '../document.ts';
import { estimateLoad, type ServiceLoad } from '../load-estimate.ts';
import { compileDocument } from '../parse-scenario.ts';
import { type DrawnService, drawCallGraph, type Tier } from './call-graph.ts';
import { item } from './item.ts';
import { roomFor } from './machines.ts';
import { type ServiceDraft, sizeServices } from './sizes.ts';

/** What to generate. */
export interface GenerateOptions {
  /** Services in all, from 3 to 4096. */
  readonly services: number;
  readonly seed: number;
  /** Mean over all services, from 2 to 16; left out, 3 in small clusters and 10 from 1,000 services on. */
  readonly replicasPerService?: number;
  /** Left out, it says size and seed. */
  readonly name?: string;
}

/** Median own time of a request, and how much services differ (s.d. of its logarithm). */
const SERVICE_TIMES: Readonly<Record<Tier, { readonly medianSeconds: number; readonly spread: number }>> = {
  entry: { medianSeconds: 0.01, spread: 0.3 },
  logic: { medianSeconds: 0.015, spread: 0.6 },
  shared: { medianSeconds: 0.008, spread: 0.4 },
  store: { medianSeconds: 0.004, spread: 0.4 },
};
/** Coefficients of variation of the service time, one is drawn. */
const VARIATIONS = [0.5, 1, 1, 1, 1.5];

/** Time-outs of calls and objectives of users, as multiples of the mean; at least a second. */
const CALL_DEADLINE = 6;
const LATENCY_OBJECTIVE = 7;

/** A scenario document that reads without complaint; the same options give the same document. */
export function generateScenario(options: GenerateOptions): ScenarioDocument {
  const { services, seed } = options;
  const replicasPerService = options.replicasPerService ?? Math.min(10, Math.max(3, Math.round(services / 100)));
  assert(Number.isInteger(services) && services >= 3 && services <= 4096, 'a cluster has 3 to 4096 services');
  assert(replicasPerService >= 2 && replicasPerService <= 16, 'there are 2 to 16 replicas a service on average');
  const stream = (purpose: string) => new RandomStream(seed, `generate/${purpose}`);
  const graph = drawCallGraph(services, stream('graph'));
  const names = serviceNames(graph);
  const name = options.name ?? `generated-${services}-${seed}`;
  const document = draft({ graph, names, name, stream: stream('services') });
  const loads = () => estimateLoad(compileDocument(document, { file: name }).cluster);
  const ownSeconds = drawServiceTimes(graph, loads(), stream('service-times'));
  for (const [index, service] of names.entries()) {
    document.services[service] = { ...document.services[service], serviceTime: milliseconds(item(ownSeconds, index)) };
  }
  const sizes = sizeServices(loads(), {
    graph,
    ownSeconds,
    replicasPerService,
    stream: stream('sizes'),
  });
  applySizes(document, sizes.services);
  document.workloads = document.workloads.map((workload, index) => ({
    ...workload,
    rate: `${sizes.workloadRates[index]}/s`,
  }));
  applyDeadlines(document, sizes.services);
  return { ...document, ...roomFor(document, name) };
}

/** Work that is asked for rarely is heavier (an order, an export) than what every request passes. */
function drawServiceTimes(
  graph: readonly DrawnService[],
  loads: readonly ServiceLoad[],
  stream: RandomStream,
): number[] {
  const rates = loads.map((load) => load.requestsPerSecond);
  const middle = quantile(rates, 0.5);
  return graph.map(({ tier }, index) => {
    const own = SERVICE_TIMES[tier];
    const rarity = Math.max(0.6, Math.min(5, Math.sqrt(middle / item(rates, index))));
    const drawn = own.medianSeconds * rarity * exp(own.spread * stream.normal());
    return Math.max(5e-4, Math.round(1e4 * drawn) / 1e4);
  });
}

function serviceNames(graph: readonly DrawnService[]): string[] {
  const counts = new Map<Tier, number>();
  return graph.map(({ tier }) => {
    const number = (counts.get(tier) ?? 0) + 1;
    counts.set(tier, number);
    return `${tier}-${number}`;
  });
}

/** Everything that does not depend on the load; the workloads have the shares of the users as rates. */
function draft(drawn: {
  readonly graph: readonly DrawnService[];
  readonly names: readonly string[];
  readonly name: string;
  readonly stream: RandomStream;
}): ScenarioDocument {
  const { graph, names, name, stream } = drawn;
  const services: Record<string, ServiceSection> = {};
  for (const [index, service] of graph.entries()) {
    const section: ServiceSection = { serviceTimeCv: item(VARIATIONS, stream.integer(VARIATIONS.length)) };
    if (service.tier === 'store') section.storage = {};
    if (service.calls.length > 0) {
      section.calls = Object.fromEntries(
        service.calls.map((call) => [item(names, call.callee), drawCall(call, item(graph, call.callee).tier, stream)]),
      );
    }
    services[item(names, index)] = section;
  }
  return {
    formatVersion: 1,
    name,
    description: `A made-up system of ${graph.length} services.`,
    zones: ['zone-a', 'zone-b', 'zone-c'],
    // Room for the draft, which is read to estimate the load; real machines come last.
    nodes: [{ name: 'draft', cores: 1e5, memory: 1e15 }],
    services,
    workloads: drawWorkloads(graph, names),
  };
}

function drawCall(call: DrawnService['calls'][number], callee: Tier, stream: RandomStream): CallSection {
  const section: CallSection = {
    perRequest: call.perRequest,
    request: Math.round(300 * exp(0.5 * stream.normal())),
    response: Math.round(1500 * exp(0.7 * stream.normal())),
  };
  if (!call.required) section.required = false;
  // Some requests must not be sent twice.
  if (callee !== 'store' && stream.uniform() < 0.15) section.retries = 0;
  return section;
}

/** The first entries have the most users. */
function drawWorkloads(graph: readonly DrawnService[], names: readonly string[]): WorkloadSection[] {
  const entries = graph.flatMap(({ tier }, index) => (tier === 'entry' ? [index] : []));
  return entries.map((service, rank) => ({
    name: `users-${rank + 1}`,
    service: item(names, service),
    rate: 100 / (1 + 0.2 * rank),
    request: 500,
    response: 8000,
  }));
}

function applySizes(document: ScenarioDocument, sizes: readonly ServiceDraft[]): void {
  for (const [index, name] of Object.keys(document.services).entries()) {
    document.services[name] = { ...document.services[name], ...item(sizes, index).section };
  }
}

/** Time-outs of calls and users, and the objectives, follow how deep the calls go. */
function applyDeadlines(document: ScenarioDocument, sizes: readonly ServiceDraft[]): void {
  const holds = new Map(Object.keys(document.services).map((name, index) => [name, item(sizes, index).holdSeconds]));
  for (const section of Object.values(document.services)) {
    for (const [callee, call] of Object.entries(section.calls ?? {})) {
      const timeout = deadline(CALL_DEADLINE * (holds.get(callee) ?? 0));
      if (timeout > 1) call.timeout = `${timeout}s`;
    }
  }
  document.objectives = document.workloads.map((workload) => {
    const latency = deadline(LATENCY_OBJECTIVE * (holds.get(workload.service) ?? 0));
    if (latency > 1) workload.timeout = `${3 * latency}s`;
    return { workload: workload.name, successRatio: '99%', latencyP99: `${latency}s` };
  });
}

function milliseconds(seconds: number): string {
  return `${Math.round(1e6 * seconds) / 1e3}ms`;
}

function deadline(seconds: number): number {
  return Math.max(1, Math.ceil(2 * seconds) / 2);
}
