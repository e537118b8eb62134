/** How the cost of a simulated step grows with the system: generated systems of several sizes, measured in turns. */

import { compileDocument, generateScenario, type Scenario } from '../scenario/index.ts';
import { type Clock, measureInTurns, type Timing, type Work } from './measure.ts';
import { environmentWork, flowWork, requestWork } from './simulator-work.ts';

/** Large systems commonly have about so many; the same at all sizes, so that only the number of services differs. */
const REPLICAS_PER_SERVICE = 10;
/** Steps of a run in a system of one service; larger ones do fewer at a time. */
const STEPS_PER_RUN = 1000;
const SEED = 1;

/** A part of the simulator at one size. */
export interface SizeSpeed {
  readonly unitsPerSecond: number;
  readonly median: number;
  /** Of the best round. */
  readonly microsecondsPerService: number;
}

export interface SizeRow {
  readonly services: number;
  readonly replicas: number;
  /** Until the first step of the environment can be taken. */
  readonly buildSeconds: number;
  /** Steps of the flow engine with the control plane alone. */
  readonly flow: SizeSpeed;
  /** Complete steps of the environment, both roles, quiet. */
  readonly environment: SizeSpeed;
  /** Events a second of the request engine; null where it was not asked for. */
  readonly requestEventsPerSecond: number | null;
}

export interface SizeOptions {
  readonly clock: Clock;
  /** Time for each part of each size. */
  readonly seconds: number;
  readonly sizes: readonly number[];
  /** Measures the request engine too. */
  readonly request: boolean;
}

/** Measures generated systems of these sizes. */
export function measureSizes(options: SizeOptions): SizeRow[] {
  const systems = options.sizes.map((services) => build(services, options));
  const timings = measureInTurns(
    systems.flatMap(({ works }) => works),
    options,
  );
  const each = systems[0]?.works.length ?? 0;
  return systems.map((system, index) => rowOf(system, timings.slice(index * each, (index + 1) * each)));
}

interface System {
  readonly scenario: Scenario;
  readonly buildSeconds: number;
  readonly works: readonly Work[];
}

function build(services: number, { clock, request }: SizeOptions): System {
  const document = generateScenario({ services, seed: SEED, replicasPerService: REPLICAS_PER_SERVICE });
  const scenario = compileDocument(document, { file: document.name });
  const unitsPerRun = Math.max(1, Math.round(STEPS_PER_RUN / services));
  const start = clock();
  const environment = environmentWork(scenario, { actingRatio: 0, unitsPerRun });
  const buildSeconds = clock() - start;
  const works = [flowWork(scenario, unitsPerRun), environment, ...(request ? [requestWork(scenario)] : [])];
  return { scenario, buildSeconds, works };
}

function rowOf({ scenario, buildSeconds }: System, [flow, environment, request]: readonly Timing[]): SizeRow {
  const { services } = scenario.cluster;
  return {
    services: services.length,
    replicas: services.reduce((sum, service) => sum + service.replicas, 0),
    buildSeconds,
    flow: sizeSpeed(flow!, services.length),
    environment: sizeSpeed(environment!, services.length),
    requestEventsPerSecond: request?.unitsPerSecond ?? null,
  };
}

function sizeSpeed({ unitsPerSecond, unitsPerSecondMedian }: Timing, services: number): SizeSpeed {
  return { unitsPerSecond, median: unitsPerSecondMedian, microsecondsPerService: 1e6 / unitsPerSecond / services };
}
