/** What never changes about services, packed by service, with the occupancy curves they need. */

import type { ClusterSpec, ServiceSpec } from '../../cluster/index.ts';
import { CURVE_ROW_LENGTH, type OccupancyCurves, occupancyCurves } from './occupancy.ts';
import { SERVICE_FACTS, ServiceFact } from './rows.ts';

/** No work is free: keeps every rate finite. */
const WORK_SECONDS_MIN = 1e-6;
/** Workers are also held for calls, disks and proxies, whose times vary less or more: factors for what they make of it. */
const HOLD_FACTORS: readonly number[] = [0.5, 0.625, 0.75, 0.875, 1, 1.5, 2.5];

export interface ServicePlan {
  readonly curves: OccupancyCurves;
  /** Packed rows of `ServiceFact`. */
  readonly serviceFacts: Float64Array;
  /** Queue factors for which there are curves whatever the services are like, ascending, and where these begin. */
  readonly holdFactors: Float64Array;
  readonly holdRows: Float64Array;
}

/** Lays out the services of a cluster. */
export function servicePlan(spec: ClusterSpec): ServicePlan {
  const { services } = spec;
  const curves = occupancyCurves(
    services.map((service) => service.workers),
    services.map(queueFactor),
    HOLD_FACTORS,
  );
  const serviceFacts = new Float64Array(services.length * SERVICE_FACTS);
  services.forEach((service, index) => {
    serviceFacts.set(factsOf(service, curves), index * SERVICE_FACTS);
  });
  const holdFactors = Float64Array.from(HOLD_FACTORS);
  return { curves, serviceFacts, holdFactors, holdRows: holdFactors.map((factor) => curves.firstRow.get(factor)!) };
}

function factsOf(service: ServiceSpec, curves: OccupancyCurves): Float64Array {
  const facts = new Float64Array(SERVICE_FACTS);
  const firstRow = curves.firstRow.get(queueFactor(service))!;
  const row = curves.rowBelow[Math.min(curves.rowBelow.length - 1, service.workers)]!;
  const requestsPerCore = 1 / Math.max(WORK_SECONDS_MIN, service.cpuSecondsPerRequest);
  facts[ServiceFact.workers] = service.workers;
  facts[ServiceFact.inSystemMax] = service.workers + service.queueMax;
  facts[ServiceFact.serviceSeconds] = Math.max(WORK_SECONDS_MIN, service.serviceTimeSeconds);
  facts[ServiceFact.variationSquare] = service.serviceTimeCv * service.serviceTimeCv;
  facts[ServiceFact.cpuSeconds] = service.cpuSecondsPerRequest;
  facts[ServiceFact.requestsPerCore] = requestsPerCore;
  facts[ServiceFact.requestsPerLimit] = requestsPerCore * service.cpuLimitCores;
  facts[ServiceFact.cpuLimitCores] = service.cpuLimitCores;
  facts[ServiceFact.workersRow] = firstRow + row * CURVE_ROW_LENGTH;
  facts[ServiceFact.firstRow] = firstRow;
  facts[ServiceFact.queueFactor] = queueFactor(service);
  return facts;
}

/** The waiting part of the queue scales with the variability of arrivals (Poisson: 1) and service. */
function queueFactor(service: ServiceSpec): number {
  return (1 + service.serviceTimeCv * service.serviceTimeCv) / 2;
}
