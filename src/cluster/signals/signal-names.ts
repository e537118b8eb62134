/** The signals monitoring can show, with units; each kind of component has some of them. */

export interface SignalForm {
  readonly unit: string;
  readonly meaning: string;
}

export type SignalName =
  | 'requestRate'
  | 'errorRatio'
  | 'latencyMean'
  | 'latencyP99'
  | 'cpu'
  | 'memory'
  | 'readyRatio'
  | 'restarts'
  | 'saturation'
  | 'retryRatio'
  | 'replicaSpread'
  | 'nodeReady'
  | 'utilisation'
  | 'roundTrip'
  | 'loss'
  | 'foreignShare'
  | 'diskUsed'
  | 'diskAwait'
  | 'diskErrors'
  | 'replicationLag';

/** Every signal by name, in the order of the columns that hold them. */
export const signalForms: Readonly<Record<SignalName, SignalForm>> = {
  requestRate: { unit: '1/s', meaning: 'attempts that reached the service' },
  errorRatio: { unit: 'ratio', meaning: 'share of attempts that callers counted as failed' },
  latencyMean: { unit: 's', meaning: 'mean time to an answer' },
  latencyP99: { unit: 's', meaning: 'time within which 99 of 100 answers came' },
  cpu: { unit: 'ratio', meaning: 'cpu used, of the limit (service) or of all cores (node)' },
  memory: { unit: 'ratio', meaning: 'memory of the fullest replica, of its limit (service) or of the machine (node)' },
  readyRatio: { unit: 'ratio', meaning: 'ready replicas, of those declared' },
  restarts: { unit: '1', meaning: 'restarts since the last sample' },
  saturation: { unit: 'ratio', meaning: 'requests in the replicas, of their workers' },
  retryRatio: { unit: 'ratio', meaning: 'retries, of all attempts' },
  replicaSpread: { unit: 'ratio', meaning: 'error share of the worst replica, less that of all' },
  nodeReady: { unit: 'ratio', meaning: '1 while the orchestrator hears the machine' },
  utilisation: { unit: 'ratio', meaning: 'bytes offered to a link, or busy time of a disk, of capacity' },
  roundTrip: { unit: 's', meaning: 'delay over the link and back' },
  loss: { unit: 'ratio', meaning: 'share of offered bytes that were lost' },
  foreignShare: { unit: 'ratio', meaning: 'bytes that belong to no call, of capacity' },
  diskUsed: { unit: 'ratio', meaning: 'bytes used, of the disk' },
  diskAwait: { unit: 's', meaning: 'mean time of a disk operation' },
  diskErrors: { unit: 'ratio', meaning: 'share of disk operations that failed' },
  replicationLag: { unit: 's', meaning: 'how far the worst follower is behind' },
};

export const signalNames: readonly SignalName[] = Object.keys(signalForms) as SignalName[];

/** Column of each signal. */
export const signalColumn: Readonly<Record<SignalName, number>> = Object.fromEntries(
  signalNames.map((name, index) => [name, index]),
) as Record<SignalName, number>;
