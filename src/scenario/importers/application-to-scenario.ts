/** Turns an imported application into a scenario document: what its files do not state is assumed, and marked so. */
import { DeeplOpsError } from '../../base/index.ts';
import { DEFAULT_SERVICE } from '../defaults.ts';
import type { ScenarioDocument, ServiceSection } from '../document.ts';
import { estimateLoad, type ServiceLoad } from '../load-estimate.ts';
import { compileDocument } from '../parse-scenario.ts';
import { scenarioToYaml, type YamlComment } from '../scenario-to-yaml.ts';
import { LIMITS } from '../schema.ts';
import { seconds } from '../units.ts';
import {
  type Application,
  type ImportedCall,
  type ImportReport,
  type ImportResult,
  tidyReport,
} from './application.ts';
import { cutCycles } from './cut-cycles.ts';
import { nodesFor } from './nodes-for.ts';
import { serviceSection } from './service-section.ts';

/** Sizes the assumed numbers so that the healthy system is about half busy. */
const BUSY_SHARE = 0.5;

/** Nobody waits longer; calls that multiply on a long way would ask for centuries. */
const TIMEOUT_SECONDS_MAX = 600;

/** The scenario document as YAML with comments, and the finished report. Throws MANIFEST_NO_WORKLOAD without services. */
export function applicationToScenario(
  application: Application,
  report: ImportReport,
  options: { readonly schema?: string } = {},
): ImportResult {
  if (application.services.length === 0) {
    throw new DeeplOpsError('MANIFEST_NO_WORKLOAD', 'nothing in these files runs a service of an application');
  }
  checkSize(application);
  const calls = acyclicCalls(application, report);
  const comments: YamlComment[] = [];
  const document = draft(application, calls, { report, comments });
  sizeForLoad(document, application.name);
  report.services.push(...application.services.map((service) => service.name));
  report.calls.push(...calls.map(({ caller, callee, source }) => ({ caller, callee, source })));
  report.workloads.push(
    ...application.workloads.map(
      (each) => `${each.name} -> ${each.service}, ${rounded(each.requestsPerSecond)}/s: ${each.source}`,
    ),
  );
  noteUnreached(document, application.name, report);
  const tidy = tidyReport(report);
  return { yaml: scenarioToYaml(document, { ...options, header: header(application, tidy), comments }), report: tidy };
}

const ENTRIES_HINT = 'Traffic enters where nobody calls: say who calls whom with --edges FILE, or give fewer services.';

/** What no scenario holds is refused before it is worked on. */
function checkSize({ services, calls, workloads }: Application): void {
  const replicas = services.reduce((sum, service) => sum + (service.replicasMax ?? 2 * service.replicas), 0);
  const most = Math.max(0, ...callsPerService(calls).values());
  const sizes: readonly (readonly [count: number, max: number, what: string, hint?: string])[] = [
    [services.length, LIMITS.services, 'services'],
    [calls.length, LIMITS.calls, 'calls'],
    [most, LIMITS.callsPerService, 'calls of one service'],
    [replicas, LIMITS.replicas, 'replicas at most'],
    [workloads.length, LIMITS.workloads, 'places where traffic enters', ENTRIES_HINT],
  ];
  const over = sizes.find(([count, max]) => count > max);
  if (over === undefined) return;
  const [count, max, what, hint = 'Give fewer of them.'] = over;
  throw new DeeplOpsError('MANIFEST_INVALID', `these files hold ${count} ${what}, and a scenario holds ${max}`, {
    hint,
  });
}

function callsPerService(calls: readonly ImportedCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { caller } of calls) counts.set(caller, (counts.get(caller) ?? 0) + 1);
  return counts;
}

function acyclicCalls(application: Application, report: ImportReport): ImportedCall[] {
  const { kept, cut, cycles } = cutCycles(application.calls, {
    services: application.services.map((service) => service.name),
    entries: application.workloads.map((workload) => workload.service),
  });
  for (const [index, call] of cut.entries()) {
    report.cutEdges.push(`${call.caller} -> ${call.callee} (${call.source}), closes ${cycles[index]?.join(' -> ')}`);
  }
  return kept;
}

function draft(
  application: Application,
  calls: readonly ImportedCall[],
  out: { report: ImportReport; comments: YamlComment[] },
): ScenarioDocument {
  const services: Record<string, ServiceSection> = {};
  for (const service of application.services) {
    const section = serviceSection(service, out);
    out.comments.push({ path: ['services', service.name, 'workers'], text: 'assumed, with queue and cpuPerRequest' });
    const own = calls.filter((call) => call.caller === service.name);
    if (own.length > 0)
      section.calls = Object.fromEntries(own.map((call) => [call.callee, { perRequest: rounded(call.share) }]));
    for (const call of own) {
      out.comments.push({ path: ['services', service.name, 'calls', call.callee], text: call.source });
    }
    services[service.name] = section;
  }
  for (const [index, workload] of application.workloads.entries()) {
    out.comments.push({ path: ['workloads', index], text: workload.source });
  }
  out.report.assumed.push(
    `calls per request: ${callsPerRequest(calls)}, time-outs, retries and message sizes: the defaults`,
    `service times: ${DEFAULT_SERVICE.serviceTime} of own work per request; workers and CPU work sized for half load`,
    'machines: as many and as large as the requests need, over three zones',
  );
  return {
    formatVersion: 1,
    name: application.name,
    description: `Imported from ${application.origin}.`,
    zones: ['zone-a', 'zone-b', 'zone-c'],
    nodes: nodesFor(application.services),
    services,
    workloads: application.workloads.map(({ name, service, requestsPerSecond }) => ({
      name,
      service,
      rate: `${rounded(requestsPerSecond)}/s`,
    })),
  };
}

function callsPerRequest(calls: readonly ImportedCall[]): string {
  const counted = calls.filter((call) => call.counted).length;
  if (counted === 0) return '1 for every call found';
  return counted === calls.length ? 'as counted' : `as counted for ${counted}, 1 for every other call found`;
}

/** Workers, queues and CPU work for the load that arrives; time-outs and the objective for how deep the calls go. */
function sizeForLoad(document: ScenarioDocument, name: string): void {
  const { cluster } = compileDocument(document, { file: name });
  const loads = new Map(estimateLoad(cluster).map((load) => [load.name, load]));
  for (const service of cluster.services) {
    const section = document.services[service.name];
    const load = loads.get(service.name);
    if (section === undefined || load === undefined) continue;
    const serving = service.storage === null ? service.replicas : 1;
    section.workers = Math.min(
      10_000,
      Math.max(4, Math.ceil((load.requestsPerSecond * load.holdSeconds) / (BUSY_SHARE * serving))),
    );
    section.queue = section.workers * 8;
    section.cpuPerRequest = cpuWork(load, serving * service.cpuLimitCores);
    for (const [callee, call] of Object.entries(section.calls ?? {})) {
      const timeout = Math.min(TIMEOUT_SECONDS_MAX, roundedUp(5 * (loads.get(callee)?.holdSeconds ?? 0)));
      if (timeout > 1) call.timeout = `${timeout}s`;
    }
  }
  document.objectives = document.workloads.map((workload) => {
    const holds = roundedUp(5 * (loads.get(workload.service)?.holdSeconds ?? 0));
    const latency = Math.min(TIMEOUT_SECONDS_MAX, Math.max(1, holds));
    if (latency > 1) workload.timeout = `${3 * latency}s`;
    return { workload: workload.name, successRatio: '99%', latencyP99: `${latency}s` };
  });
}

/** Three decimals, but never nothing. */
function rounded(value: number): number {
  return Math.max(1, Math.round(value * 1000)) / 1000;
}

/** CPU time per request: the default, or less where that would exceed half of the limit. */
function cpuWork(load: ServiceLoad, limitCores: number): string {
  const fitting =
    load.requestsPerSecond === 0 ? Number.POSITIVE_INFINITY : (BUSY_SHARE * limitCores) / load.requestsPerSecond;
  const microseconds = Math.floor(1e6 * Math.min(seconds(DEFAULT_SERVICE.cpuPerRequest), fitting));
  return `${Math.max(1, microseconds) / 1000}ms`;
}

function roundedUp(duration: number): number {
  return Math.ceil(duration * 2) / 2;
}

/** A service that no request reaches is there, but nothing that happens to it matters; say so. */
function noteUnreached(document: ScenarioDocument, name: string, report: ImportReport): void {
  const { cluster } = compileDocument(document, { file: name });
  const unreached = estimateLoad(cluster).filter((load) => load.requestsPerSecond === 0);
  if (unreached.length === 0) return;
  report.notDerived.push(
    `no call leads from the traffic to ${unreached.map((load) => load.name).join(', ')}: add \`calls\` by hand`,
  );
}

function header(application: Application, report: ImportReport): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `Imported from ${application.origin} by \`deepl-ops import\`.`,
    'Names, calls, replicas, requests, limits and probes come from there, unless listed or marked as assumed.',
    ...list('Assumed', report.assumed),
    ...list('Not derived', report.notDerived),
    ...list('Cut, because the calls formed a cycle', report.cutEdges),
    ...list('Skipped', report.skipped),
  ].join('\n');
}
