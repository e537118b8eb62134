/** Where traffic enters a system and how much of it, whatever format its files have. */
import type { ImportedCall, ImportedWorkload, ImportReport } from './application.ts';
import { flagSettings, loadGeneratorRate } from './load-generator.ts';
import type { ContainerSettings } from './mentions.ts';
import type { ReadApplication } from './system-format.ts';

/** Requests per second taken for an entry without a load generator. */
const ENTRY_RATE = 50;

/** A load generator, and the services that its settings lead to. */
export interface LoadGenerator {
  readonly name: string;
  readonly settings: readonly ContainerSettings[];
  readonly replicas: number;
  readonly targets: readonly string[];
}

/** What a load generator sends; one without targets is reported. */
export function generatedEntries(generator: LoadGenerator, report: ImportReport): ImportedWorkload[] {
  const { name, settings, replicas, targets } = generator;
  const merged = new Map(settings.flatMap(({ environment, words }) => [...flagSettings(words), ...environment]));
  const rate = loadGeneratorRate(merged, replicas);
  if (targets.length === 0) report.notDerived.push(`${name}: a load generator that names no service of the input`);
  return targets.map((service) => ({
    name: targets.length === 1 ? name : `${name}-${service}`,
    service,
    requestsPerSecond: rate.requestsPerSecond / targets.length,
    source: `${name}: ${rate.source}`,
  }));
}

/** Traffic of the load generators; without one, of assumed users at the services where they most likely come in. */
export function trafficEntries(found: ReadApplication, calls: readonly ImportedCall[]): ImportedWorkload[] {
  if (found.generated.length > 0) return withUniqueNames(found.generated);
  const { services, reason } = entryServices(found, calls);
  return services.map((service) => ({
    name: `users-of-${service}`,
    service,
    requestsPerSecond: ENTRY_RATE,
    source: `assumed: ${reason}; the rate is a guess`,
  }));
}

/** What is exposed to the outside; without that, what nobody calls and has a published port, or just nobody calls. */
function entryServices(
  { services, exposed, published }: ReadApplication,
  calls: readonly ImportedCall[],
): { readonly services: readonly string[]; readonly reason: string } {
  if (exposed.length > 0) return { services: exposed, reason: 'exposed to the outside' };
  const called = new Set(calls.map((call) => call.callee));
  const names = services.map((service) => service.name);
  const uncalled = names.filter((name) => !called.has(name));
  const doors = uncalled.filter((name) => published.includes(name));
  if (doors.length > 0) return { services: doors, reason: 'it publishes a port, and no other service calls it' };
  return {
    services: uncalled.length > 0 ? uncalled : names.slice(0, 1),
    reason: 'no other service calls it',
  };
}

/** Two load generators may have the same name, in two namespaces for instance. */
function withUniqueNames(workloads: readonly ImportedWorkload[]): ImportedWorkload[] {
  return workloads.map((workload, index) => {
    const before = workloads.slice(0, index).filter((other) => other.name === workload.name).length;
    return before === 0 ? workload : { ...workload, name: `${workload.name}-${before + 1}` };
  });
}
