/** Capacity, probes and volumes of a workload's pods. */
import type { ProbeSection } from '../../document.ts';
import type { ImportedService, ImportedStorage, ImportReport } from '../application.ts';
import { invalidPart } from '../checked-part.ts';
import { given } from '../given.ts';
import { IMPORTED_NODES } from '../nodes-for.ts';
import { isScratchPath } from '../scratch-space.ts';
import type { Container, Probe, Volume } from './manifest-schema.ts';
import { type Manifests, namespaceOf, type Workload } from './read-manifests.ts';

/** The service that a workload is, under the given name. */
export function importedService(
  workload: Workload,
  name: string,
  context: { manifests: Manifests; report: ImportReport },
): ImportedService {
  const { manifests } = context;
  const { containers } = workload.spec.template.spec;
  checkLimits(workload);
  return {
    name,
    ...autoscaled(workload, manifests),
    ...given(
      'cpuRequestCores',
      total(containers, (each) => each.resources?.requests?.cpu ?? each.resources?.limits?.cpu),
    ),
    ...given(
      'cpuLimitCores',
      totalOfAll(containers, (each) => each.resources?.limits?.cpu),
    ),
    ...given(
      'memoryRequestBytes',
      total(containers, (each) => each.resources?.requests?.memory ?? each.resources?.limits?.memory),
    ),
    ...given(
      'memoryLimitBytes',
      totalOfAll(containers, (each) => each.resources?.limits?.memory),
    ),
    ...given('readiness', probeOf(containers.find((each) => each.readinessProbe)?.readinessProbe)),
    ...given('liveness', probeOf(containers.find((each) => each.livenessProbe)?.livenessProbe)),
    ...given('storage', storageOf(workload, context)),
  };
}

/** Kubernetes refuses such pods as well. */
function checkLimits(workload: Workload): void {
  for (const [index, { name, resources }] of workload.spec.template.spec.containers.entries()) {
    for (const resource of ['cpu', 'memory'] as const) {
      const limit = resources?.limits?.[resource];
      if (typeof limit !== 'number' || (resources?.requests?.[resource] ?? 0) <= limit) continue;
      const subject = `${workload.kind} ${workload.metadata.name}, container ${name ?? ''}`;
      const where = workload.kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'];
      const path = [...where, 'containers', index, 'resources', 'requests', resource];
      throw invalidPart(workload.part, path, { subject, problem: `requests more ${resource} than its limit` });
    }
  }
}

/** Replicas as stated (a DaemonSet: one per machine), within the bounds of an autoscaler if there is one. */
function autoscaled(workload: Workload, { autoscalers }: Manifests): { replicas: number; replicasMax?: number } {
  const scaler = autoscalers.find(
    ({ metadata, spec }) =>
      spec.scaleTargetRef.name === workload.metadata.name && namespaceOf(metadata) === namespaceOf(workload.metadata),
  );
  const stated = workload.spec.replicas ?? (workload.kind === 'DaemonSet' ? IMPORTED_NODES : 1);
  const replicas = Math.max(1, stated, scaler?.spec.minReplicas ?? 1);
  const maximum = scaler?.spec.maxReplicas;
  return typeof maximum === 'number' ? { replicas, replicasMax: Math.max(replicas, maximum) } : { replicas };
}

/** Sum over the containers that state it; undefined when none does. */
function total(containers: readonly Container[], read: (container: Container) => number | null | undefined) {
  const stated = containers.flatMap((container) => read(container) ?? []);
  return stated.length === 0 ? undefined : stated.reduce((sum, value) => sum + value, 0);
}

/** A pod is limited only if each of its containers is. */
function totalOfAll(containers: readonly Container[], read: (container: Container) => number | null | undefined) {
  const sum = containers.every((container) => typeof read(container) === 'number')
    ? total(containers, read)
    : undefined;
  return sum === 0 ? undefined : sum;
}

function probeOf(probe: Probe | null | undefined): ProbeSection | undefined {
  if (!probe) return undefined;
  return {
    ...given('initialDelay', durationOf(probe.initialDelaySeconds)),
    ...given('period', durationOf(probe.periodSeconds || undefined)),
    ...given('timeout', durationOf(probe.timeoutSeconds || undefined)),
    ...given('failureThreshold', probe.failureThreshold || undefined),
    ...given('successThreshold', probe.successThreshold || undefined),
  };
}

function durationOf(seconds: number | null | undefined): string | undefined {
  return typeof seconds === 'number' ? `${seconds}s` : undefined;
}

/** The first volume that keeps data: a claim, a claim template, or an emptyDir that is not scratch space. */
function storageOf(
  workload: Workload,
  { manifests, report }: { manifests: Manifests; report: ImportReport },
): ImportedStorage | undefined {
  const [template] = workload.spec.volumeClaimTemplates ?? [];
  if (template) {
    return stored(`volume claim template ${template.metadata.name}`, template.spec?.resources?.requests?.storage);
  }
  const { volumes, containers } = workload.spec.template.spec;
  for (const volume of volumes ?? []) {
    const claimName = volume.persistentVolumeClaim?.claimName;
    if (claimName !== undefined) {
      const claim = manifests.claims.find(
        ({ metadata }) => metadata.name === claimName && namespaceOf(metadata) === namespaceOf(workload.metadata),
      );
      return stored(`volume claim ${claimName}`, claim?.spec?.resources?.requests?.storage);
    }
    if (volume.emptyDir === undefined) continue;
    if (keepsData(volume, containers)) return stored(`volume ${volume.name} (emptyDir)`, volume.emptyDir?.sizeLimit);
    report.skipped.push(`volume ${volume.name} of ${workload.metadata.name} (scratch space)`);
  }
  return undefined;
}

function keepsData(volume: Volume, containers: readonly Container[]): boolean {
  if (volume.emptyDir?.medium === 'Memory') return false;
  const mounts = containers.flatMap((container) => container.volumeMounts ?? []);
  return mounts.some((mount) => mount.name === volume.name && !isScratchPath(mount.mountPath));
}

function stored(source: string, diskBytes: number | null | undefined): ImportedStorage {
  return { source, ...(diskBytes ? { diskBytes } : {}) };
}
