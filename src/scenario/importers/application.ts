/** What an importer finds in a system's own files, whatever their format, before it becomes a scenario. */
import type { ProbeSection } from '../document.ts';
import { tidyLines } from './tidy-lines.ts';

/** A service as the files describe it; what they leave open is absent. */
export interface ImportedService {
  readonly name: string;
  readonly replicas: number;
  readonly replicasMax?: number;
  readonly cpuRequestCores?: number;
  readonly cpuLimitCores?: number;
  readonly memoryRequestBytes?: number;
  readonly memoryLimitBytes?: number;
  readonly readiness?: ProbeSection;
  readonly liveness?: ProbeSection;
  readonly storage?: ImportedStorage;
}

/** A volume that makes a service stateful. */
export interface ImportedStorage {
  /** For instance `volume redis-data (emptyDir)`. */
  readonly source: string;
  readonly diskBytes?: number;
}

/** A call derived from an address found in a service's settings. */
export interface ImportedCall {
  readonly caller: string;
  readonly callee: string;
  /** Calls per request of the caller: less than 1 where one address stands for several services. */
  readonly share: number;
  /** The share was counted in the running system, not assumed. */
  readonly counted?: true;
  /** For instance `env CART_SERVICE_ADDR`. */
  readonly source: string;
}

/** Where traffic enters. */
export interface ImportedWorkload {
  readonly name: string;
  readonly service: string;
  readonly requestsPerSecond: number;
  /** How the entry and the rate were found or why they were assumed. */
  readonly source: string;
}

/** A whole system as found. */
export interface Application {
  readonly name: string;
  /** For instance `Kubernetes manifests`. */
  readonly origin: string;
  readonly services: readonly ImportedService[];
  readonly calls: readonly ImportedCall[];
  readonly workloads: readonly ImportedWorkload[];
}

/** What an import found, assumed and left out, for people to check. */
export interface ImportReport {
  readonly services: string[];
  readonly calls: { caller: string; callee: string; source: string }[];
  readonly workloads: string[];
  /** Values that the files do not state. */
  readonly assumed: string[];
  /** Things in the files that are not part of the scenario. */
  readonly skipped: string[];
  /** Addresses that lead to nothing in the files: calls that may be missing. */
  readonly notDerived: string[];
  /** Calls left out because they closed a cycle. */
  readonly cutEdges: string[];
}

/** A scenario made from a system's own files. */
export interface ImportResult {
  /** A scenario document, with comments beside what was assumed. */
  readonly yaml: string;
  readonly report: ImportReport;
}

/** The report as people get it: short lines, each once, and not too many. */
export function tidyReport(report: ImportReport): ImportReport {
  return {
    ...report,
    workloads: tidyLines(report.workloads),
    assumed: tidyLines(report.assumed),
    skipped: tidyLines(report.skipped),
    notDerived: tidyLines(report.notDerived),
    cutEdges: tidyLines(report.cutEdges),
  };
}

/** A report to fill in. */
export function emptyReport(): ImportReport {
  return { services: [], calls: [], workloads: [], assumed: [], skipped: [], notDerived: [], cutEdges: [] };
}
