/** Finds where traffic enters: load generators, and what is exposed to the outside. */
import type { ImportedWorkload } from '../application.ts';
import { deriveCalls } from '../derive-calls.ts';
import { generatedEntries } from '../traffic.ts';
import { containerSettings, missingConfigMaps } from './container-settings.ts';
import { namespaceOf } from './read-manifests.ts';
import type { ImportContext, Parts } from './sort-workloads.ts';

/** What the load generators among the workloads send. */
export function generatedTraffic(
  parts: Parts,
  { manifests, resolve, report }: ImportContext,
): readonly ImportedWorkload[] {
  return parts.loadGenerators.flatMap((generator) => {
    const { name } = generator.metadata;
    const settings = containerSettings(generator, manifests.configMaps);
    const namespace = namespaceOf(generator.metadata);
    const { calls, notDerived } = deriveCalls(
      { self: generator, name, settings },
      (host) => resolve(host, namespace)?.workloads,
    );
    report.notDerived.push(...notDerived);
    report.notDerived.push(...missingConfigMaps(generator, manifests.configMaps).map((line) => `${name}: ${line}`));
    const targets = calls.flatMap(({ callee }) => parts.services.get(callee) ?? []);
    return generatedEntries({ name, settings, replicas: generator.spec.replicas ?? 1, targets }, report);
  });
}

/** Behind an Ingress, or a Service of type LoadBalancer or NodePort. */
export function exposedServices(parts: Parts, { manifests, resolve }: Omit<ImportContext, 'report'>): string[] {
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
