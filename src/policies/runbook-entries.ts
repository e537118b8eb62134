/**
 * The runbook as data: which symptom calls for which repairs, as an on-call engineer would write it down. Features that
 * compare with the healthy value are on the scale of ln(ratio) / 3: 0.23 is twice, 0.54 five times, 0.77 ten times.
 */

/** One condition on a component's feature. */
export interface Symptom {
  readonly feature: string;
  readonly above?: number;
  readonly below?: number;
}

/** A page of the runbook. */
export interface RunbookEntry {
  readonly title: string;
  /** Kind of component the symptoms are read from. */
  readonly kind: string;
  /** All must hold. */
  readonly when: readonly Symptom[];
  /** Anomalies below this component that would explain the symptom: it is left alone while there is one. */
  readonly explainedBy: 'nothing' | 'infrastructure' | 'anything';
  /** Decisions in a row the symptom must last, so that passing trouble is left to the orchestrator. */
  readonly patience: number;
  /** Whether to wait until users are worse off. */
  readonly onlyWhenUsersSuffer: boolean;
  /** To be tried in this order. A verb for another kind of component is used on the one that needs this one. */
  readonly repairs: readonly string[];
}

const cause = { explainedBy: 'nothing', patience: 2, onlyWhenUsersSuffer: false } as const;
const harmfulCause = { ...cause, onlyWhenUsersSuffer: true } as const;
const ownTrouble = { explainedBy: 'infrastructure', patience: 3, onlyWhenUsersSuffer: false } as const;
const consequence = { explainedBy: 'anything', patience: 2, onlyWhenUsersSuffer: true } as const;

/** Every page; where several apply, the first goes first. */
export const runbookEntries: readonly RunbookEntry[] = [
  {
    title: 'machine is gone',
    kind: 'node',
    when: [{ feature: 'signal.nodeReady', below: 0.5 }],
    ...cause,
    repairs: ['node.reboot', 'node.drain'],
  },
  {
    title: 'disk is filling up',
    kind: 'disk',
    when: [{ feature: 'signal.diskUsed', above: 0.85 }],
    ...cause,
    repairs: ['disk.free-space', 'disk.replace'],
  },
  {
    title: 'disk fails operations and its store fails with it',
    kind: 'disk',
    when: [
      { feature: 'signal.diskErrors', above: 0.01 },
      { feature: 'dependents.max.error', above: 0.02 },
    ],
    ...harmfulCause,
    repairs: ['service.fail-over', 'disk.replace'],
  },
  {
    title: 'disk is slow and its store with it',
    kind: 'disk',
    when: [
      { feature: 'signal.diskAwait', above: 0.4 },
      { feature: 'dependents.max.anomaly', above: 0.2 },
    ],
    ...harmfulCause,
    repairs: ['service.fail-over', 'disk.replace'],
  },
  {
    title: 'disk of a spare replica fails operations',
    kind: 'disk',
    when: [{ feature: 'signal.diskErrors', above: 0.01 }],
    ...ownTrouble,
    repairs: ['disk.replace'],
  },
  {
    title: 'disk of a spare replica is slow',
    kind: 'disk',
    when: [{ feature: 'signal.diskAwait', above: 0.4 }],
    ...ownTrouble,
    repairs: ['disk.replace'],
  },
  {
    title: 'link is flooded by foreign traffic',
    kind: 'link',
    when: [{ feature: 'signal.foreignShare', above: 0.3 }],
    ...harmfulCause,
    repairs: ['link.throttle', 'link.reroute', 'node.drain'],
  },
  {
    title: 'link loses packets',
    kind: 'link',
    when: [{ feature: 'signal.loss', above: 0.01 }],
    ...harmfulCause,
    repairs: ['link.reroute', 'node.drain'],
  },
  {
    title: 'link is slow',
    kind: 'link',
    when: [{ feature: 'signal.roundTrip', above: 0.4 }],
    ...harmfulCause,
    repairs: ['link.reroute', 'node.drain'],
  },
  {
    title: 'machine has no processor time left',
    kind: 'node',
    when: [{ feature: 'signal.cpu', above: 0.95 }],
    ...harmfulCause,
    repairs: ['node.drain', 'node.reboot'],
  },
  {
    title: 'memory is running out',
    kind: 'service',
    when: [{ feature: 'signal.memory', above: 0.85 }],
    ...cause,
    repairs: ['service.restart'],
  },
  {
    title: 'replicas do not become ready',
    kind: 'service',
    when: [{ feature: 'signal.readyRatio', below: 0.99 }],
    ...ownTrouble,
    repairs: ['service.restart-unready', 'service.reschedule', 'service.fail-over', 'service.scale-out'],
  },
  {
    title: 'one replica fails more than the others',
    kind: 'service',
    when: [{ feature: 'signal.replicaSpread', above: 0.05 }],
    ...ownTrouble,
    repairs: ['service.reschedule', 'service.restart'],
  },
  {
    title: 'retries keep the service overloaded',
    kind: 'service',
    when: [
      { feature: 'signal.retryRatio', above: 0.3 },
      { feature: 'signal.saturation', above: 0.9 },
    ],
    ...consequence,
    repairs: ['service.disable-retries', 'service.shed-load', 'service.scale-out'],
  },
  {
    title: 'service is out of processor time',
    kind: 'service',
    when: [{ feature: 'signal.cpu', above: 0.9 }],
    ...consequence,
    repairs: ['service.scale-out', 'service.restart', 'service.shed-load'],
  },
  {
    title: 'all replicas fail alike without being busy: not their machines, so their name or their release',
    kind: 'service',
    when: [
      { feature: 'stateful', below: 0.5 },
      { feature: 'signal.errorRatio', above: 0.1 },
      { feature: 'signal.replicaSpread', below: 0.02 },
      { feature: 'signal.readyRatio', above: 0.99 },
      { feature: 'signal.saturation', below: 0.5 },
    ],
    ...consequence,
    patience: 4,
    repairs: ['service.pin-address', 'service.roll-back'],
  },
  {
    title: 'service fails without a cause below it',
    kind: 'service',
    when: [{ feature: 'signal.errorRatio', above: 0.02 }],
    ...consequence,
    repairs: ['service.restart', 'service.reschedule', 'service.fail-over', 'service.disable-retries'],
  },
  {
    title: 'service is slow without a cause below it',
    kind: 'service',
    when: [{ feature: 'signal.latencyP99', above: 0.3 }],
    ...consequence,
    repairs: ['service.restart', 'service.scale-out', 'service.disable-retries'],
  },
];
