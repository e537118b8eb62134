/** Replicas, capacity, health check and volumes of a Compose service. */
import type { ProbeSection } from '../../document.ts';
import type { ImportedService, ImportedStorage, ImportReport } from '../application.ts';
import { invalidPart } from '../checked-part.ts';
import { given } from '../given.ts';
import { IMPORTED_NODES } from '../nodes-for.ts';
import { isScratchPath } from '../scratch-space.ts';
import type { Mount } from './compose-schema.ts';
import type { ComposeProject, PlacedService } from './read-compose.ts';

interface Context {
  readonly project: ComposeProject;
  readonly report: ImportReport;
}

/** The service under its own name. */
export function importedService(service: PlacedService, context: Context): ImportedService {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const cpuLimit = positive(limits?.cpus ?? service.cpus);
  const memoryLimit = positive(limits?.memory ?? service.mem_limit);
  const cpuRequest = positive(reservations?.cpus);
  const memoryRequest = positive(reservations?.memory ?? service.mem_reservation);
  checkLimit(service, 'cpus', cpuRequest, cpuLimit);
  checkLimit(service, 'memory', memoryRequest, memoryLimit);
  return {
    name: service.name,
    replicas: replicasOf(service),
    // Without a reservation the limit is set aside, as Kubernetes does, so that the machines hold what is promised.
    ...given('cpuRequestCores', cpuRequest ?? cpuLimit),
    ...given('cpuLimitCores', cpuLimit),
    ...given('memoryRequestBytes', memoryRequest ?? memoryLimit),
    ...given('memoryLimitBytes', memoryLimit),
    ...given('readiness', readinessOf(service)),
    ...given('storage', storageOf(service, context)),
  };
}

/** Replicas as stated; `global` means one per machine. */
export function replicasOf({ deploy, scale }: PlacedService): number {
  return deploy?.mode === 'global' ? IMPORTED_NODES : (deploy?.replicas ?? scale ?? 1);
}

/** Zero stands for no limit. */
function positive(value: number | null | undefined): number | undefined {
  return value ? value : undefined;
}

function checkLimit(
  service: PlacedService,
  resource: 'cpus' | 'memory',
  request: number | undefined,
  limit: number | undefined,
): void {
  if (request === undefined || limit === undefined || request <= limit) return;
  const path = ['deploy', 'resources', 'reservations', resource];
  const problem = `reserves more ${resource} than its limit`;
  throw invalidPart(service.part, path, { subject: `service ${service.name}`, problem });
}

/** Compose's own defaults where the check leaves them open. */
function readinessOf({ healthcheck }: PlacedService): ProbeSection | undefined {
  if (healthcheck === undefined || healthcheck.isOff) return undefined;
  return {
    initialDelay: `${healthcheck.start_period ?? 0}s`,
    period: `${Math.max(0.1, healthcheck.interval ?? 30)}s`,
    timeout: `${healthcheck.timeout || 30}s`,
    failureThreshold: healthcheck.retries || 3,
  };
}

/** The first volume that keeps data: named or anonymous, writable, and not for scratch. Directories of the host are not. */
function storageOf({ name, volumes }: PlacedService, { project, report }: Context): ImportedStorage | undefined {
  const skipped: string[] = [];
  const kept = (volumes ?? []).filter((mount) => {
    const reason = reasonAgainst(mount, project);
    if (reason !== undefined) skipped.push(`volume ${mount.source ?? mount.target} of ${name} (${reason})`);
    return reason === undefined;
  });
  report.skipped.push(
    ...skipped,
    ...kept.slice(1).map((mount) => `volume ${mount.source ?? mount.target} of ${name} (its second)`),
  );
  const [first] = kept;
  return first && { source: first.source === undefined ? `volume at ${first.target}` : `volume ${first.source}` };
}

function reasonAgainst({ type, source, target, isReadOnly }: Mount, { memoryVolumes }: ComposeProject) {
  if (type === 'tmpfs' || (source !== undefined && memoryVolumes.has(source))) return 'in memory';
  if (type !== 'volume') return `${type} mount`;
  if (isReadOnly) return 'read-only';
  return isScratchPath(target) ? 'scratch space' : undefined;
}
