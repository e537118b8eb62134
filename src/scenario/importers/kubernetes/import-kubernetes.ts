/** Makes a scenario of Kubernetes manifests: calls from addresses, capacity from limits, traffic from load generators. */
import { emptyReport, type ImportedCall, type ImportResult } from '../application.ts';
import { applicationToScenario } from '../application-to-scenario.ts';
import { containerSettings } from './container-settings.ts';
import { deriveCalls } from './derive-calls.ts';
import { importedService } from './pod-capacity.ts';
import { type ManifestFile, readManifests } from './read-manifests.ts';
import { serviceResolver } from './service-resolver.ts';
import { type ImportContext, type Parts, sortWorkloads } from './sort-workloads.ts';
import { trafficEntries } from './traffic-entries.ts';

/**
 * The scenario in these manifests. Throws YAML_SYNTAX, MANIFEST_INVALID, MANIFEST_EMPTY or MANIFEST_NO_WORKLOAD. What is
 * not in the files is assumed and marked so; addresses that lead nowhere are reported, never invented.
 */
export function importKubernetes(files: readonly ManifestFile[], options: { name?: string } = {}): ImportResult {
  const manifests = readManifests(files);
  const report = emptyReport();
  const parts = sortWorkloads(manifests, report);
  const resolve = serviceResolver(manifests.services, manifests.workloads);
  const calls = serviceCalls(parts, { manifests, resolve, report });
  const workloads = trafficEntries(parts, { manifests, resolve, report, calls });
  const application = {
    name: options.name ?? 'imported',
    origin: 'Kubernetes manifests',
    services: [...parts.services].map(([workload, name]) => importedService(workload, name, { manifests, report })),
    calls,
    workloads,
  };
  report.skipped.push(...[...manifests.others].map(([kind, names]) => `${kind}: ${names.join(', ')}`));
  return applicationToScenario(application, report);
}

function serviceCalls(parts: Parts, { manifests, resolve, report }: ImportContext): ImportedCall[] {
  return [...parts.services].flatMap(([workload, caller]) => {
    const { calls, notDerived } = deriveCalls(workload, containerSettings(workload, manifests.configMaps), resolve);
    report.notDerived.push(...notDerived);
    return calls.flatMap(({ callee, share, source }) => {
      const name = parts.services.get(callee);
      return name === undefined ? [] : [{ caller, callee: name, share, source }];
    });
  });
}
