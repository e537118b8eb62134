/** Sorts what runs pods into services of the application, load generators, and the rest. */
import { LIMITS } from '../../schema.ts';
import type { ImportReport } from '../application.ts';
import { invalidPart } from '../checked-part.ts';
import { softwareKind } from '../known-software.ts';
import { type Manifests, namespaceOf, type Workload } from './read-manifests.ts';
import type { ServiceResolver } from './service-resolver.ts';

/** The workloads by what they are; services with the names they get in the scenario. */
export interface Parts {
  readonly services: ReadonlyMap<Workload, string>;
  readonly loadGenerators: readonly Workload[];
}

/** What every step of the import looks things up in, and reports to. */
export interface ImportContext {
  readonly manifests: Manifests;
  readonly resolve: ServiceResolver;
  readonly report: ImportReport;
}

/** Sorts the workloads. Those that are no services of the application are reported as skipped. */
export function sortWorkloads(manifests: Manifests, report: ImportReport): Parts {
  const services = new Map<Workload, string>();
  const taken = new Set<string>();
  const loadGenerators: Workload[] = [];
  for (const workload of manifests.workloads) {
    const { name } = workload.metadata;
    const images = workload.spec.template.spec.containers.map((container) => container.image ?? '');
    const kind = softwareKind(name, images.slice(0, 1));
    if (kind === 'load generator') loadGenerators.push(workload);
    if (kind !== 'service') report.skipped.push(`${workload.kind} ${name} (${kind})`);
    if (kind !== 'service') continue;
    if (workload.spec.replicas === 0) {
      report.skipped.push(`${workload.kind} ${name} (0 replicas)`);
      continue;
    }
    services.set(workload, uniqueName(workload, taken));
    if (services.size <= LIMITS.services) continue;
    const problem = `there are more than ${LIMITS.services} services`;
    throw invalidPart(workload.part, ['metadata', 'name'], { subject: `${workload.kind} ${name}`, problem });
  }
  return { services, loadGenerators };
}

/** Its own name, or with the namespace or the kind where another has that already. */
function uniqueName({ kind, metadata, part }: Workload, taken: Set<string>): string {
  const { name } = metadata;
  const identity = `${kind}/${namespaceOf(metadata)}/${name}`;
  const candidates = [
    name,
    `${name}-${namespaceOf(metadata)}`,
    `${name}-${namespaceOf(metadata)}-${kind.toLowerCase()}`,
  ];
  const unique = candidates.find((candidate) => !taken.has(candidate));
  if (unique === undefined || taken.has(identity)) {
    throw invalidPart(part, ['metadata', 'name'], { subject: `${kind} ${name}`, problem: 'is defined twice' });
  }
  taken.add(identity).add(unique);
  return unique;
}
