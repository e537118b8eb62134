/** What never changes about services, in arrays by service, with the occupancy curves they need. */

import type { ClusterSpec, ServiceSpec } from '../../cluster/index.ts';
import { CURVE_ROW_LENGTH, type OccupancyCurves, occupancyCurves } from './occupancy.ts';

/** No work is free: keeps every rate finite. */
const SERVICE_SECONDS_MIN = 1e-6;

export interface ServicePlan {
  readonly curves: OccupancyCurves;
  /** Position in the curves of the row for all workers, and of the first row of the service's queue factor. */
  readonly workersRow: Int32Array;
  readonly firstRow: Int32Array;
  readonly workers: Float64Array;
  /** Requests a replica holds at most, served and waiting. */
  readonly inSystemMax: Float64Array;
  /** Own work per request, and the squared coefficient of variation of its time. */
  readonly serviceSeconds: Float64Array;
  readonly variationSquare: Float64Array;
  readonly cpuSeconds: Float64Array;
  /** Requests a second that one core can do. */
  readonly requestsPerCore: Float64Array;
  readonly cpuLimitCores: Float64Array;
}

/** Lays out the services of a cluster. */
export function servicePlan(spec: ClusterSpec): ServicePlan {
  const { services } = spec;
  const curves = occupancyCurves(
    services.map((service) => service.workers),
    services.map(queueFactor),
  );
  const column = (value: (service: ServiceSpec) => number): Float64Array => Float64Array.from(services, value);
  return {
    curves,
    workersRow: Int32Array.from(services, (service) => rowOfWorkers(curves, service)),
    firstRow: Int32Array.from(services, (service) => curves.firstRow.get(queueFactor(service))!),
    workers: column((service) => service.workers),
    inSystemMax: column((service) => service.workers + service.queueMax),
    serviceSeconds: column((service) => Math.max(SERVICE_SECONDS_MIN, service.serviceTimeSeconds)),
    variationSquare: column((service) => service.serviceTimeCv * service.serviceTimeCv),
    cpuSeconds: column((service) => service.cpuSecondsPerRequest),
    requestsPerCore: column((service) => 1 / Math.max(SERVICE_SECONDS_MIN, service.cpuSecondsPerRequest)),
    cpuLimitCores: column((service) => service.cpuLimitCores),
  };
}

/** The waiting part of the queue scales with the variability of arrivals (Poisson: 1) and service. */
function queueFactor(service: ServiceSpec): number {
  return (1 + service.serviceTimeCv * service.serviceTimeCv) / 2;
}

function rowOfWorkers(curves: OccupancyCurves, service: ServiceSpec): number {
  const most = curves.rowBelow.length - 1;
  const row = curves.rowBelow[Math.min(most, service.workers)]!;
  return curves.firstRow.get(queueFactor(service))! + row * CURVE_ROW_LENGTH;
}
