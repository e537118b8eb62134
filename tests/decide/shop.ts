/** A small real system as documents: a proxy in front of two backends, a store with its disk, two machines. */

type Values = Readonly<Record<string, number>>;

interface Facts {
  readonly kind: string;
  readonly needs?: readonly string[];
  readonly replicas?: number;
  readonly stateful?: boolean;
  readonly entry?: boolean;
  readonly healthy?: Values;
}

interface TopologyMap {
  readonly format: string;
  readonly version: number;
  readonly components: Readonly<Record<string, Facts>>;
  readonly alerts: readonly object[];
}

/** A signals document. */
interface Signals {
  readonly format: string;
  readonly version: number;
  readonly at: string;
  readonly users: readonly object[];
  readonly components: Readonly<Record<string, { readonly signals: Values; readonly before: Values }>>;
}

export const topology: TopologyMap = {
  format: 'deepl-ops-topology',
  version: 1,
  components: {
    proxy: {
      kind: 'service',
      entry: true,
      replicas: 2,
      needs: ['n1', 'n2', 'machine-1'],
      healthy: { latencyMean: 0.02 },
    },
    n1: { kind: 'service', replicas: 2, needs: ['store', 'machine-1'], healthy: { latencyMean: 0.01 } },
    n2: { kind: 'service', replicas: 2, needs: ['store', 'machine-2'], healthy: { latencyMean: 0.01 } },
    store: {
      kind: 'service',
      stateful: true,
      replicas: 2,
      needs: ['disk', 'machine-2'],
      healthy: { latencyMean: 0.005 },
    },
    'machine-1': { kind: 'node', needs: ['uplink-1'] },
    'machine-2': { kind: 'node', needs: ['uplink-2'] },
    'uplink-1': { kind: 'link', healthy: { roundTrip: 0.001 } },
    'uplink-2': { kind: 'link', healthy: { roundTrip: 0.001 } },
    disk: { kind: 'disk', healthy: { diskAwait: 0.002 } },
  },
  alerts: [
    {
      match: { alertname: 'BackendServerDown', job: 'haproxy' },
      component: '{server}',
      signals: { readyRatio: 0.5 },
    },
  ],
};

const service = {
  requestRate: 50,
  errorRatio: 0,
  latencyMean: 0.01,
  latencyP99: 0.05,
  cpu: 0.3,
  memory: 0.4,
  readyRatio: 1,
  restarts: 0,
  saturation: 0.2,
  retryRatio: 0,
  replicaSpread: 0,
  replicationLag: 0,
};
const rates = { requestRate: 50, latencyMean: 0.01, latencyP99: 0.05 };
const link = { utilisation: 0.1, roundTrip: 0.001, loss: 0, foreignShare: 0 };

/** A signals document at noon in which all is well but for `changes`, by component; null leaves a component out. */
export function signals(changes: Readonly<Record<string, Values | null>> = {}): Signals {
  const healthy: Record<string, Values> = {
    proxy: service,
    n1: service,
    n2: service,
    store: service,
    'machine-1': { nodeReady: 1, cpu: 0.3, memory: 0.4 },
    'machine-2': { nodeReady: 1, cpu: 0.3, memory: 0.4 },
    'uplink-1': link,
    'uplink-2': link,
    disk: { utilisation: 0.1, diskUsed: 0.4, diskAwait: 0.002, diskErrors: 0 },
  };
  const told = Object.entries(healthy).filter(([name]) => changes[name] !== null);
  return {
    format: 'deepl-ops-signals',
    version: 1,
    at: '2026-11-22T12:00:00Z',
    users: [{ workload: 'users', successRatio: 1, latencyP99: 0.5 }],
    components: Object.fromEntries(
      told.map(([name, values]) => [
        name,
        {
          signals: { ...values, ...changes[name] },
          before: Object.fromEntries(Object.entries(values).filter(([signal]) => changing.includes(signal))),
        },
      ]),
    ),
  };
}

const changing = ['requestRate', 'errorRatio', 'latencyMean', 'cpu', 'memory', 'saturation', 'utilisation', 'diskUsed'];

/** The map with healthy values of all signals that are compared with them. */
export const completeTopology: TopologyMap = {
  ...topology,
  components: Object.fromEntries(
    Object.entries(topology.components).map(([name, facts]) => [
      name,
      facts.kind === 'service' ? { ...facts, healthy: rates } : facts,
    ]),
  ),
};

/** An Alertmanager payload with one alert as haproxy's exporter would raise it. */
export function webhook(changes: { status?: string; server?: string; startsAt?: string } = {}): object {
  const { status = 'firing', server = 'n2', startsAt = '2026-11-22T10:21:09.832Z' } = changes;
  const labels = { alertname: 'BackendServerDown', job: 'haproxy', proxy: 'b', server, severity: 'critical' };
  return {
    receiver: 'w',
    status,
    alerts: [
      { status, labels, annotations: {}, startsAt, endsAt: '0001-01-01T00:00:00Z', fingerprint: '32569480bd26dfaf' },
    ],
    version: '4',
    groupKey: '{}',
    truncatedAlerts: 0,
  };
}
