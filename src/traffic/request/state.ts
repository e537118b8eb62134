/** The request engine's tables in the state arena. */

import type { StateLayout, Table } from '../../base/index.ts';
import type { ClusterTopology } from '../../cluster/index.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE, LOAD, PORT, ROW, STATION, TIMES } from './rows.ts';

const clockColumns = {
  nowMicros: 'f64',
  /** The next tick: users are drawn up to it. */
  tickMicros: 'f64',
  /** Events that have happened. */
  events: 'f64',
  conditionsStale: 'u8',
  /** Entities in use, ever used at once, and the first free one behind a used one. */
  used: 'i32',
  touched: 'i32',
  freeHead: 'i32',
  /** Entities that could not be made: users refused, calls failed. */
  usersRefused: 'f64',
  callsRefused: 'f64',
} as const;

const ints = { value: 'i32' } as const;
const floats = { value: 'f64' } as const;

/** Exact numbers of attempts by edge; every attempt ends in one of three ways. */
const countColumns = { attempts: 'f64', succeeded: 'f64', failed: 'f64', abandoned: 'f64' } as const;

/** Requests by replica slot: taken in, and how they left. */
const insideColumns = { entered: 'f64', finished: 'f64', dropped: 'f64' } as const;

const budgetColumns = {
  /** Retries allowed now, first attempts in this tick and, of late, per second. */
  tokens: 'f64',
  firsts: 'f64',
  firstsPerSecond: 'f64',
  /** Calls that the quota has room for, and when that was counted. */
  quota: 'f64',
  quotaMicros: 'f64',
} as const;

export interface RequestState {
  readonly clock: Table<typeof clockColumns>;
  /** Packed rows of `Field` and `Time`, `Station` and `Load`, `EdgeField`, `PortField`. */
  readonly entities: Table<typeof ints>;
  readonly times: Table<typeof floats>;
  readonly stations: Table<typeof ints>;
  readonly loads: Table<typeof floats>;
  readonly edges: Table<typeof ints>;
  readonly ports: Table<typeof ints>;
  /** When a half-open breaker lets the next trial through. */
  readonly trials: Table<typeof floats>;
  /** Whose turn it is at each caller's end: callers' ports, then workloads. */
  readonly turns: Table<typeof ints>;
  readonly counts: Table<typeof countColumns>;
  readonly inside: Table<typeof insideColumns>;
  readonly budgets: Table<typeof budgetColumns>;
  readonly demand: Table<{ logSwing: 'f64'; perMicro: 'f64' }>;
}

/** Declares the tables in `layout`. */
export function requestState(layout: StateLayout, topology: ClusterTopology, plan: RequestPlan): RequestState {
  const workloads = plan.edges - plan.calls;
  return {
    clock: layout.table('request.clock', 1, clockColumns),
    entities: layout.table('request.entity', plan.entitiesMax * ROW, ints),
    times: layout.table('request.time', plan.entitiesMax * TIMES, floats),
    stations: layout.table('request.station', topology.replicas * STATION, ints),
    loads: layout.table('request.load', topology.replicas * LOAD, floats),
    edges: layout.table('request.edge', plan.edges * EDGE, ints),
    ports: layout.table('request.port', topology.callerPorts * PORT, ints),
    trials: layout.table('request.trial', topology.callerPorts, floats),
    turns: layout.table('request.turn', topology.callerPorts + workloads, ints),
    counts: layout.table('request.count', plan.edges, countColumns),
    inside: layout.table('request.inside', topology.replicas, insideColumns),
    budgets: layout.table('request.budget', plan.edges, budgetColumns),
    demand: layout.table('request.demand', workloads, { logSwing: 'f64', perMicro: 'f64' }),
  };
}

/** Sets every entry of every table to zero. */
export function clearRequestState(state: RequestState): void {
  for (const table of Object.values<Readonly<Record<string, { fill(value: number): unknown }>>>({ ...state })) {
    for (const column of Object.values(table)) column.fill(0);
  }
}
