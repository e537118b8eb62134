/** Finds where traffic enters, and how much of it. */
import type { ImportedCall, ImportedWorkload } from '../application.ts';
import { flagSettings, loadGeneratorRate } from '../load-generator.ts';
import { type ContainerSettings, containerSettings } from './container-settings.ts';
import { deriveCalls } from './derive-calls.ts';
import { namespaceOf, type Workload } from './read-manifests.ts';
import type { ImportContext, Parts } from './sort-workloads.ts';

/** Requests per second taken for an entry without a load generator. */
const ENTRY_RATE = 50;

/** Load generators first; without one, what is exposed to the outside; without that, what nobody calls. */
export function trafficEntries(
  parts: Parts,
  context: ImportContext & { calls: readonly ImportedCall[] },
): ImportedWorkload[] {
  const generated = parts.loadGenerators.flatMap((generator) => generatedTraffic(generator, parts, context));
  if (generated.length > 0) return withUniqueNames(generated);
  const names = [...parts.services.values()];
  const exposed = exposedServices(parts, context);
  const called = new Set(context.calls.map((call) => call.callee));
  const uncalled = names.filter((name) => !called.has(name));
  const [found, reason] =
    exposed.length > 0
      ? [exposed, 'exposed to the outside']
      : [uncalled.length > 0 ? uncalled : names.slice(0, 1), 'no other service calls it'];
  return found.map((service) => ({
    name: `users-of-${service}`,
    service,
    requestsPerSecond: ENTRY_RATE,
    source: `assumed: ${reason}; the rate is a guess`,
  }));
}

function generatedTraffic(
  generator: Workload,
  parts: Parts,
  { manifests, resolve, report }: ImportContext,
): ImportedWorkload[] {
  const settings = containerSettings(generator, manifests.configMaps);
  const { calls, notDerived } = deriveCalls(generator, settings, resolve);
  report.notDerived.push(...notDerived);
  const rate = loadGeneratorRate(mergedSettings(settings), generator.spec.replicas ?? 1);
  const targets = calls.flatMap(({ callee }) => parts.services.get(callee) ?? []);
  const generatorName = generator.metadata.name;
  if (targets.length === 0)
    report.notDerived.push(`${generatorName}: a load generator that names no service of the input`);
  return targets.map((service) => ({
    name: targets.length === 1 ? generatorName : `${generatorName}-${service}`,
    service,
    requestsPerSecond: rate.requestsPerSecond / targets.length,
    source: `${generatorName}: ${rate.source}`,
  }));
}

/** Two namespaces may each have a generator of the same name. */
function withUniqueNames(workloads: readonly ImportedWorkload[]): ImportedWorkload[] {
  return workloads.map((workload, index) => {
    const before = workloads.slice(0, index).filter((other) => other.name === workload.name).length;
    return before === 0 ? workload : { ...workload, name: `${workload.name}-${before + 1}` };
  });
}

function mergedSettings(settings: readonly ContainerSettings[]): Map<string, string> {
  return new Map(settings.flatMap(({ environment, words }) => [...flagSettings(words), ...environment]));
}

/** Behind an Ingress, or a Service of type LoadBalancer or NodePort. */
function exposedServices(parts: Parts, { manifests, resolve }: ImportContext): string[] {
  const behindIngress = manifests.ingresses.flatMap(({ metadata, spec }) =>
    [
      spec?.defaultBackend,
      ...(spec?.rules ?? []).flatMap((rule) => (rule.http?.paths ?? []).map((path) => path.backend)),
    ]
      .flatMap((backend) => backend?.service?.name ?? [])
      .map((host) => ({ host: host.toLowerCase(), namespace: namespaceOf(metadata) })),
  );
  const byType = manifests.services
    .filter(({ spec }) => spec?.type === 'LoadBalancer' || spec?.type === 'NodePort')
    .map(({ metadata }) => ({ host: metadata.name.toLowerCase(), namespace: namespaceOf(metadata) }));
  const workloads = [...behindIngress, ...byType].flatMap(
    ({ host, namespace }) => resolve(host, namespace)?.workloads ?? [],
  );
  return [...new Set(workloads.flatMap((workload) => parts.services.get(workload) ?? []))];
}
