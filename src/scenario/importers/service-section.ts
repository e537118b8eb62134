/** The scenario section of one imported service: what its files state, and marked assumptions for what it needs besides. */
import type { ServiceSection } from '../document.ts';
import type { YamlComment } from '../scenario-to-yaml.ts';
import type { ImportedService, ImportReport } from './application.ts';

const MEBIBYTE = 1_048_576;
const CPU_LIMIT_CORES = 1;
const MEMORY_LIMIT_BYTES = 256 * MEBIBYTE;
const DISK_BYTES = 10 * 1024 * MEBIBYTE;

/** The section, without calls. */
export function serviceSection(
  service: ImportedService,
  out: { report: ImportReport; comments: YamlComment[] },
): ServiceSection {
  // Workers, queue and CPU work stand here for their order in the file; they are set when the load is known.
  const section: ServiceSection = { replicas: service.replicas, workers: 1, queue: 1, cpuPerRequest: 0 };
  if (service.replicasMax !== undefined) section.replicasMax = Math.max(service.replicas, service.replicasMax);
  const assume = (field: string, text: string) => {
    out.comments.push({ path: ['services', service.name, field], text: `assumed: ${text}` });
    out.report.assumed.push(`${service.name}: ${text}`);
  };
  section.cpu = cpuOf(service, assume);
  section.memory = memoryOf(service, assume);
  for (const kind of ['readiness', 'liveness'] as const) {
    const probe = service[kind];
    if (probe === undefined) out.report.assumed.push(`${service.name}: no ${kind} probe stated, the default one`);
    else if (Object.keys(probe).length > 0) section[kind] = probe;
  }
  if (service.storage) {
    const disk = service.storage.diskBytes ?? DISK_BYTES;
    section.storage = { disk: byteText(disk), used: byteText(Math.floor(0.3 * disk)) };
    const size = service.storage.diskBytes === undefined ? `a disk of ${byteText(disk)}, ` : '';
    assume('storage', `${service.storage.source}: ${size}30 % of it in use, rates and replication as by default`);
  }
  return section;
}

type Assume = (field: string, text: string) => void;

function cpuOf(service: ImportedService, assume: Assume): NonNullable<ServiceSection['cpu']> {
  const { cpuRequestCores: request, cpuLimitCores: limit } = service;
  if (limit !== undefined) return { request: coreText(request ?? limit), limit: coreText(limit) };
  const assumed = Math.max(CPU_LIMIT_CORES, 2 * (request ?? 0));
  assume('cpu', `no CPU limit stated, ${coreText(assumed)}`);
  return request === undefined
    ? { limit: coreText(assumed) }
    : { request: coreText(request), limit: coreText(assumed) };
}

function memoryOf(service: ImportedService, assume: Assume): NonNullable<ServiceSection['memory']> {
  const { memoryRequestBytes: request, memoryLimitBytes: limit } = service;
  if (limit !== undefined) return { request: byteText(request ?? limit), limit: byteText(limit) };
  const assumed = Math.max(MEMORY_LIMIT_BYTES, 2 * (request ?? 0));
  assume('memory', `no memory limit stated, ${byteText(assumed)}`);
  return request === undefined
    ? { limit: byteText(assumed) }
    : { request: byteText(request), limit: byteText(assumed) };
}

function coreText(cores: number): string | number {
  return Number.isInteger(cores) ? cores : `${Math.max(1, Math.round(cores * 1e6)) / 1e3}m`;
}

function byteText(bytes: number): string | number {
  if (bytes % (1024 * MEBIBYTE) === 0) return `${bytes / (1024 * MEBIBYTE)}Gi`;
  if (bytes % MEBIBYTE === 0 || bytes > 1024 * MEBIBYTE) return `${Math.floor(bytes / MEBIBYTE)}Mi`;
  return Math.floor(bytes);
}
