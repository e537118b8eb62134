/** Every kind of effect there is: what it acts on, how several add up, and what it is bound to. */

export type EffectTarget = 'service' | 'call' | 'replica' | 'port' | 'node' | 'link' | 'disk';

export type EffectKind =
  | 'nodeDown'
  | 'nodeCordoned'
  | 'nodeCpuStolen'
  | 'nodeClockSkew'
  | 'replicaHung'
  | 'replicaFrozen'
  | 'replicaSlow'
  | 'replicaErrors'
  | 'replicaLeak'
  | 'replicaCrashing'
  | 'replicaExcluded'
  | 'replicaDelay'
  | 'replicaCpuStolen'
  | 'replicaMemoryTaken'
  | 'replicaUnwanted'
  | 'serviceShed'
  | 'serviceRetriesOff'
  | 'serviceRetryBudgetOff'
  | 'serviceSurge'
  | 'serviceUnresolved'
  | 'serviceMisdirected'
  | 'serviceBreakerOpen'
  | 'serviceMisconfigured'
  | 'callMisconfigured'
  | 'callQuota'
  | 'portRequestLoss'
  | 'portResponseLoss'
  | 'portDelay'
  | 'portJitter'
  | 'portReset'
  | 'portCut'
  | 'portLinger'
  | 'linkBlocked'
  | 'linkInBlocked'
  | 'linkOutBlocked'
  | 'linkLoss'
  | 'linkDelay'
  | 'linkJitter'
  | 'linkDuplicate'
  | 'linkRate'
  | 'linkBuffer'
  | 'linkFlood'
  | 'linkThrottle'
  | 'linkAvoided'
  | 'diskSlow'
  | 'diskErrors'
  | 'diskDelay'
  | 'diskStress'
  | 'diskCorrupt'
  | 'diskPaused'
  | 'diskReadOnly'
  | 'diskHoard'
  | 'diskLost';

/** How several effects of one kind on one target become one number. */
export type Combination = 'any' | 'sum' | 'product' | 'union' | 'minimum';

/**
 * What an effect is bound to: a `process` effect ends when the process restarts, a `pod` effect when the replica is
 * started elsewhere, a `device` effect when the disk is replaced, a `config` effect when the configuration is rolled
 * back, a `place` effect only by its owner.
 */
export type Bond = 'process' | 'pod' | 'device' | 'config' | 'place';

export interface EffectForm {
  readonly target: EffectTarget;
  readonly combine: Combination;
  readonly bond: Bond;
}

function form(target: EffectTarget, combine: Combination, bond: Bond = 'place'): EffectForm {
  return { target, combine, bond };
}

/** Every kind of effect: its target, how it adds up, what it is bound to. */
export const effectForms: Readonly<Record<EffectKind, EffectForm>> = {
  /** The machine is off. */
  nodeDown: form('node', 'any'),
  /** No new replicas here. */
  nodeCordoned: form('node', 'any'),
  /** Cores taken by something else. */
  nodeCpuStolen: form('node', 'sum'),
  /** Seconds its clock is off. */
  nodeClockSkew: form('node', 'sum'),
  /** Accepts requests and probes, answers neither. */
  replicaHung: form('replica', 'any', 'process'),
  /** Answers probes, not requests. */
  replicaFrozen: form('replica', 'any', 'process'),
  /** Service time, as a multiple. */
  replicaSlow: form('replica', 'product', 'process'),
  /** Share of requests answered with an error. */
  replicaErrors: form('replica', 'union', 'process'),
  /** Bytes a second that are never freed. */
  replicaLeak: form('replica', 'sum', 'process'),
  /** The process dies shortly after every start. */
  replicaCrashing: form('replica', 'any', 'pod'),
  /** Taken out of load balancing. */
  replicaExcluded: form('replica', 'any', 'pod'),
  /** Seconds that a proxy beside the process adds to every request; a worker is held meanwhile. */
  replicaDelay: form('replica', 'sum', 'pod'),
  /** Cores of its limit taken by another process in the container. */
  replicaCpuStolen: form('replica', 'sum', 'process'),
  /** Bytes of its limit taken by another process in the container. */
  replicaMemoryTaken: form('replica', 'sum', 'process'),
  /** Scaled away: the replica is removed, and wanted again when the effect ends. */
  replicaUnwanted: form('replica', 'any'),
  /** Share of users refused at the door. */
  serviceShed: form('service', 'union'),
  /** Callers of this service do not retry. */
  serviceRetriesOff: form('service', 'any'),
  /** Callers of this service retry without a budget. */
  serviceRetryBudgetOff: form('service', 'any'),
  /** Users of the workloads that enter here, as a multiple. */
  serviceSurge: form('service', 'product'),
  /** Share of calls to its name that fail at once: the name does not resolve. */
  serviceUnresolved: form('service', 'union'),
  /** Share of calls to its name that go to an address where nobody answers. */
  serviceMisdirected: form('service', 'union'),
  /** Callers refuse calls to it at once, as an open breaker does. */
  serviceBreakerOpen: form('service', 'any'),
  /** Share of requests it answers with an error since a bad release. */
  serviceMisconfigured: form('service', 'union', 'config'),
  /** Share of calls that fail at once: wrong address, port or credential in the caller's configuration. */
  callMisconfigured: form('call', 'union', 'config'),
  /** Most calls a second of all callers together; the rest is refused at once. */
  callQuota: form('call', 'minimum', 'config'),
  /**
   * A port is one replica's end of a call, as caller or as callee (`ClusterTopology.portReplica`). Share of packets of
   * requests and of responses lost there; 1 = nothing passes that way.
   */
  portRequestLoss: form('port', 'union', 'pod'),
  portResponseLoss: form('port', 'union', 'pod'),
  /** Seconds added to the way there and back together, and their standard deviation. */
  portDelay: form('port', 'sum', 'pod'),
  portJitter: form('port', 'sum', 'pod'),
  /** Share of calls whose connection is reset at once. */
  portReset: form('port', 'union', 'pod'),
  /** Share of answers cut off: the work is done, the caller gets an error. */
  portCut: form('port', 'union', 'pod'),
  /** Seconds a connection stays taken after its answer. */
  portLinger: form('port', 'sum', 'pod'),
  /** Nothing passes. */
  linkBlocked: form('link', 'any'),
  /** Nothing passes towards the machine, or towards the second zone of an interconnect. */
  linkInBlocked: form('link', 'any'),
  /** Nothing passes the other way. */
  linkOutBlocked: form('link', 'any'),
  /** Share of packets lost. */
  linkLoss: form('link', 'union'),
  /** Seconds added one way. */
  linkDelay: form('link', 'sum'),
  /** Standard deviation of the one-way delay, seconds. */
  linkJitter: form('link', 'sum'),
  /** Share of packets sent twice. */
  linkDuplicate: form('link', 'union'),
  /** Most bytes a second it carries, and most bytes it buffers. */
  linkRate: form('link', 'minimum'),
  linkBuffer: form('link', 'minimum'),
  /** Bytes a second of foreign traffic offered. */
  linkFlood: form('link', 'sum'),
  /** Most bytes a second of foreign traffic let through. */
  linkThrottle: form('link', 'minimum'),
  /** Load balancing keeps off this link where there is another way. */
  linkAvoided: form('link', 'any'),
  /** Time of a disk operation, as a multiple. */
  diskSlow: form('disk', 'product', 'device'),
  /** Share of disk operations that fail. */
  diskErrors: form('disk', 'union', 'device'),
  /** Seconds added to every operation. */
  diskDelay: form('disk', 'sum', 'device'),
  /** Operations a second of a foreign process. */
  diskStress: form('disk', 'sum', 'pod'),
  /** Share of what is read that is wrong; checksums notice it, and the request fails. */
  diskCorrupt: form('disk', 'union', 'device'),
  /** Operations hang. */
  diskPaused: form('disk', 'any', 'device'),
  /** Mounted read-only after an error: writes fail until it is mounted anew. */
  diskReadOnly: form('disk', 'any', 'device'),
  /** Bytes that foreign files take. */
  diskHoard: form('disk', 'sum', 'device'),
  /** The device is gone, with its data. */
  diskLost: form('disk', 'any', 'device'),
};
