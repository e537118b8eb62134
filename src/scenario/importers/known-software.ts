/** Recognises software that is not a service of the application: load generators and telemetry collectors. */

const LOAD_GENERATORS = [
  'loadgenerator',
  'load-generator',
  'loadgen',
  'load-gen',
  'load-test',
  'loadtest',
  'locust',
  'k6',
  'vegeta',
  'fortio',
  'wrk',
  'wrk2',
  'hey',
  'gatling',
  'jmeter',
  'artillery',
  'traffic-generator',
];
const TELEMETRY = [
  'jaeger',
  'zipkin',
  'tempo',
  'opentelemetry-collector',
  'otel-collector',
  'otelcol',
  'opentelemetrycollector',
  'prometheus',
  'alertmanager',
  'grafana',
  'loki',
  'promtail',
  'fluentd',
  'fluent-bit',
  'node-exporter',
  'kube-state-metrics',
  'statsd',
  'datadog-agent',
  'newrelic',
  'kiali',
  'pushgateway',
  'mimir',
  'thanos',
  'filebeat',
  'metricbeat',
  'logstash',
  'apm-server',
];

/** What a workload is, judged by its name and images. */
export type SoftwareKind = 'service' | 'load generator' | 'telemetry';

/** The kind of a workload of this name that runs these images. */
export function softwareKind(name: string, images: readonly string[]): SoftwareKind {
  const words = [name, ...images.map(imageName)];
  if (words.some((word) => isAmong(word, LOAD_GENERATORS))) return 'load generator';
  return words.some((word) => isAmong(word, TELEMETRY)) ? 'telemetry' : 'service';
}

/** `registry:5000/team/loadgenerator:v1@sha256:...` -> `loadgenerator` */
function imageName(image: string): string {
  const path = image.split('@')[0] ?? '';
  return (path.split('/').at(-1) ?? '').split(':')[0] ?? '';
}

/** Whole words only: `hey` is in `hey-client`, not in `they`. */
function isAmong(word: string, known: readonly string[]): boolean {
  const padded = `-${word.toLowerCase().replaceAll(/[._]/g, '-')}-`;
  return known.some((name) => padded.includes(`-${name}-`));
}
