/** Makes a scenario of Kubernetes manifests: calls from addresses, capacity from limits, traffic from load generators. */
import type { ImportedCall, ImportReport } from '../application.ts';
import { deriveCalls } from '../derive-calls.ts';
import type { ManifestFile, ReadApplication, SystemFormat } from '../system-format.ts';
import { containerSettings, missingConfigMaps, secretSettings } from './container-settings.ts';
import { importedService } from './pod-capacity.ts';
import { type Manifests, namespaceOf, readManifests } from './read-manifests.ts';
import { serviceResolver } from './service-resolver.ts';
import { type ImportContext, type Parts, sortWorkloads } from './sort-workloads.ts';
import { exposedServices, generatedTraffic } from './traffic-entries.ts';

/** What these manifests say. Throws YAML_SYNTAX, MANIFEST_INVALID or MANIFEST_EMPTY. */
function readKubernetes(files: readonly ManifestFile[], report: ImportReport): ReadApplication {
  const manifests = readManifests(files);
  const parts = sortWorkloads(manifests, report);
  const resolve = serviceResolver(manifests.services, manifests.workloads);
  const calls = serviceCalls(parts, { manifests, resolve, report });
  const generated = generatedTraffic(parts, { manifests, resolve, report });
  report.notDerived.push(...strayAutoscalers(manifests));
  const services = [...parts.services].map(([workload, name]) =>
    importedService(workload, name, { manifests, report }),
  );
  report.skipped.push(...[...manifests.others].map(([kind, names]) => `${kind}: ${names.join(', ')}`));
  return { services, calls, generated, exposed: exposedServices(parts, { manifests, resolve }), published: [] };
}

/** Manifests as `kubectl apply` takes them. */
export const kubernetesFormat: SystemFormat = {
  name: 'kubernetes',
  files: 'Kubernetes manifests',
  read: readKubernetes,
};

function serviceCalls(parts: Parts, { manifests, resolve, report }: ImportContext): ImportedCall[] {
  return [...parts.services].flatMap(([workload, caller]) => {
    const namespace = namespaceOf(workload.metadata);
    const settings = containerSettings(workload, manifests.configMaps);
    const { calls, notDerived } = deriveCalls(
      { self: workload, name: workload.metadata.name, settings },
      (host) => resolve(host, namespace)?.workloads,
    );
    report.notDerived.push(...notDerived);
    report.notDerived.push(...missingConfigMaps(workload, manifests.configMaps).map((line) => `${caller}: ${line}`));
    report.notDerived.push(...secretSettings(workload).map((where) => `${caller}: ${where}: Secrets are not read`));
    return calls.flatMap(({ callee, share, source }) => {
      const name = parts.services.get(callee);
      return name === undefined ? [] : [{ caller, callee: name, share, source }];
    });
  });
}

/** Autoscalers of something that is not in the input. */
function strayAutoscalers({ autoscalers, workloads }: Manifests): string[] {
  return autoscalers
    .filter(({ metadata, spec }) =>
      workloads.every(
        (workload) =>
          workload.metadata.name !== spec.scaleTargetRef.name ||
          namespaceOf(workload.metadata) !== namespaceOf(metadata),
      ),
    )
    .map(
      ({ metadata, spec }) =>
        `HorizontalPodAutoscaler ${metadata.name} scales ${spec.scaleTargetRef.name}, which is not in the input`,
    );
}
