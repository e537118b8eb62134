/** A scenario small enough to be played many times in a test. */
import { parseScenario, type Scenario } from '../../src/scenario/index.ts';

/** Two services on three machines, a contest of two minutes, and a script of one fault. */
export const smallScenario: Scenario = parseScenario(
  `
name: small
nodes:
  - { name: node, count: 3, cores: 4, memory: 4Gi }
services:
  web:
    replicas: 2
    workers: 16
    serviceTime: 5ms
    calls:
      store: { perRequest: 1 }
  store:
    replicas: 2
    workers: 16
    serviceTime: 5ms
    storage: {}
workloads:
  - { name: users, service: web, rate: 50 }
script:
  - { fault: disk.fill, target: store-disk-0, severity: severe, start: 20s }
contest: { warmUp: 30s, duration: 120s, recovery: 60s, hold: 30s, quiet: 0.25 }
`,
  { file: 'small.yaml' },
);
