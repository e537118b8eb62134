/**
 * How every signal is got on a real system: PromQL over kube-state-metrics, cAdvisor, node-exporter, the blackbox
 * exporter and an Istio mesh. Each is recorded under a name of its own, with the component as a label, so that features
 * which combine signals or components are short.
 */

/** A query with the name it is recorded under. */
export interface SignalQuery {
  readonly query: string;
  /** Where it says only nearly what the signal means. */
  readonly note?: string;
}

/** What the double braces in the queries stand for. */
export const queryPlaceholders: Readonly<Record<string, string>> = {
  component: 'name of the component in the topology map',
  namespace: 'Kubernetes namespace',
  service: 'name of the Service and of its Deployment or StatefulSet',
  workers: 'requests one replica serves at once',
  node: 'name of the Kubernetes node; for a link the node whose uplink it is',
  instance: 'instance label of the node-exporter on that node, or on the node that holds the disk',
  device: 'network device of the uplink, or block device of the disk',
  link: 'instance label of the blackbox probe (ICMP) that crosses the link',
  pvc: 'PersistentVolumeClaim of the disk',
  mountpoint: 'where the disk is mounted on its node',
  entry: 'service that users reach',
  objectiveSuccessRatio: 'success ratio users are promised, for instance 0.99',
  objectiveLatencyP99: 'p99 latency users are promised, in seconds',
  components: 'names of all components, joined by |',
  componentCount: 'number of components',
  dependents: 'names of the components that need this one, joined by |',
  dependencies: 'names of the components this one needs, joined by |',
  window: 'how far back rates look, at least two scrapes: 30s',
  scrape: 'time between two samples: 15s',
  healthyWindow: 'how far back to look for healthy values: 1d',
};

const toService = 'destination_service_name="{{service}}",destination_service_namespace="{{namespace}}"';
const asServed = `reporter="destination",${toService}`;
const asCalled = `reporter="source",${toService}`;
/** Kubernetes makes names of these letters: no vowels, and none that look like others. */
const MADE_UP = '[b-df-hj-np-tv-xz24-9]';
/**
 * Pods of the Deployment or StatefulSet of that name, and not of another whose name begins with it: what follows is a
 * ReplicaSet's hash and a made-up ending, or a number.
 */
export const podsOfService: string = `namespace="{{namespace}}",pod=~"{{service}}-(${MADE_UP}{6,10}-${MADE_UP}{5}|[0-9]+)"`;
const pods = podsOfService;
/** `outbound|8080||cart.shop.svc.cluster.local`: nothing but a mark may stand before the name of the service. */
const outbound = 'envoy_cluster_name=~"outbound.+[|_]{{service}}\\\\.{{namespace}}\\\\..+"';
const nic = 'instance="{{instance}}",device="{{device}}"';
const claim = 'namespace="{{namespace}}",persistentvolumeclaim="{{pvc}}"';
const mount = 'instance="{{instance}}",mountpoint="{{mountpoint}}"';
const FAILED = 'response_code=~"0|5.."';

/** Queries by kind of component and signal, each in the signal's own unit. */
export const signalQueries: Readonly<Record<string, Readonly<Record<string, SignalQuery>>>> = {
  service: {
    requestRate: { query: rate('istio_requests_total', asServed) },
    errorRatio: {
      query: share(rate('istio_requests_total', `${asCalled},${FAILED}`), rate('istio_requests_total', asCalled)),
    },
    latencyMean: {
      query: `${rate('istio_request_duration_milliseconds_sum', asServed)} / ${rate('istio_request_duration_milliseconds_count', asServed)} / 1000`,
    },
    latencyP99: {
      query: `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${asServed}}[{{window}}]))) / 1000`,
    },
    cpu: {
      query: `${rate('container_cpu_usage_seconds_total', `${pods},container!=""`)} / sum(kube_pod_container_resource_limits{${pods},resource="cpu"})`,
    },
    memory: {
      query: `max(sum by (pod) (container_memory_working_set_bytes{${pods},container!=""}) / sum by (pod) (kube_pod_container_resource_limits{${pods},resource="memory"}))`,
    },
    readyRatio: {
      query: `sum(kube_pod_status_ready{${pods},condition="true"}) / sum(kube_deployment_spec_replicas{namespace="{{namespace}}",deployment="{{service}}"} or kube_statefulset_replicas{namespace="{{namespace}}",statefulset="{{service}}"})`,
    },
    restarts: { query: `sum(increase(kube_pod_container_status_restarts_total{${pods}}[{{scrape}}]))` },
    saturation: {
      query: `sum(envoy_http_downstream_rq_active{${pods}}) / ({{workers}} * count(container_start_time_seconds{${pods},container!=""}))`,
      note: 'counts what is under way in the sidecars',
    },
    retryRatio: {
      query: share(
        rate('envoy_cluster_upstream_rq_retry', outbound),
        rate('envoy_cluster_upstream_rq_total', outbound),
      ),
      note: 'as the sidecars of the callers count it; retries that applications make themselves are not in it',
    },
    replicaSpread: {
      query: `clamp_min(max((sum by (pod) (rate(istio_requests_total{${asServed},${FAILED}}[{{window}}])) / sum by (pod) (rate(istio_requests_total{${asServed}}[{{window}}]))) or vector(0)) - ${share(rate('istio_requests_total', `${asServed},${FAILED}`), rate('istio_requests_total', asServed))}, 0)`,
      note: 'as the replicas themselves count; failures on the way to a replica are not in it',
    },
    replicationLag: {
      query: largest([
        `redis_connected_slave_lag_seconds{${pods}}`,
        `pg_replication_lag_seconds{${pods}}`,
        `mysql_slave_status_seconds_behind_master{${pods}}`,
      ]),
      note: 'from the exporter of the store in use',
    },
  },
  node: {
    nodeReady: { query: 'max(kube_node_status_condition{node="{{node}}",condition="Ready",status="true"})' },
    cpu: {
      query: 'clamp_min(1 - avg(rate(node_cpu_seconds_total{instance="{{instance}}",mode="idle"}[{{window}}])), 0)',
    },
    memory: {
      query:
        '1 - max(node_memory_MemAvailable_bytes{instance="{{instance}}"}) / max(node_memory_MemTotal_bytes{instance="{{instance}}"})',
    },
  },
  link: {
    utilisation: {
      query: `${largest([`rate(node_network_transmit_bytes_total{${nic}}[{{window}}])`, `rate(node_network_receive_bytes_total{${nic}}[{{window}}])`])} / max(node_network_speed_bytes{${nic}})`,
      note: 'of an interconnect: from the counters of its switch or cloud gateway',
    },
    roundTrip: { query: 'avg(probe_icmp_duration_seconds{instance="{{link}}",phase="rtt"})' },
    loss: {
      query: '1 - avg(avg_over_time(probe_success{instance="{{link}}"}[{{window}}]))',
      note: 'share of lost pings',
    },
    foreignShare: {
      query: `clamp_min(${rate('node_network_receive_bytes_total', nic)} - ${rate('container_network_receive_bytes_total', 'node="{{node}}",namespace="{{namespace}}"')}, 0) / max(node_network_speed_bytes{${nic}})`,
      note: 'what the device receives and no pod of the namespace does',
    },
  },
  disk: {
    utilisation: { query: `max(rate(node_disk_io_time_seconds_total{${nic}}[{{window}}]))` },
    diskUsed: {
      query: `max(kubelet_volume_stats_used_bytes{${claim}}) / max(kubelet_volume_stats_capacity_bytes{${claim}})`,
    },
    diskAwait: {
      query: `(${rate('node_disk_read_time_seconds_total', nic)} + ${rate('node_disk_write_time_seconds_total', nic)}) / (${rate('node_disk_reads_completed_total', nic)} + ${rate('node_disk_writes_completed_total', nic)})`,
    },
    diskErrors: {
      query: largest([`node_filesystem_device_error{${mount}}`, `node_filesystem_readonly{${mount}}`]),
      note: '1 while the file system cannot be read or written, else 0: node-exporter does not count single failed operations',
    },
  },
};

/** Under which name a signal's query is recorded; the component is its label. */
export function recordedSignal(signal: string): string {
  return `deepl_ops:${signal}`;
}

function rate(metric: string, matchers: string): string {
  return `sum(rate(${metric}{${matchers}}[{{window}}]))`;
}

/** Where no request failed there is no series of failed ones. */
function share(part: string, whole: string): string {
  return `(${part} or vector(0)) / ${whole}`;
}

/** The largest of several single values: each under a label of its own, or all but one would be dropped. */
export function largest(queries: readonly string[]): string {
  if (queries.length === 1) return queries[0] ?? '';
  const labelled = queries.map((query, index) => `label_replace(${query}, "part", "${index}", "", "")`);
  return `max(${labelled.join(' or ')})`;
}
