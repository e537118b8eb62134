/** Kinds of discrete events of the control plane, their priorities at equal times, and where the kinds of others begin. */

/** Numbers written into the event queue; `a` and `b` as stated. */
export const ClusterEvent = {
  /** a replica, b generation: the container is up. */
  started: 1,
  /** a replica, b generation: the back-off is over. */
  backoffOver: 2,
  /** a replica, b generation. */
  readinessProbe: 3,
  /** a replica, b generation. */
  livenessProbe: 4,
  /** a node, b generation: too long silent. */
  nodeLost: 5,
  /** a node, b generation: its replicas are started elsewhere. */
  nodeEvicted: 6,
  /** a replica, b generation: a crashing process dies again. */
  crashAgain: 7,
  /** Memory, disks, replication, elections and waiting replicas are looked at. */
  housekeeping: 8,
  /** Monitoring takes a sample of everything. */
  scrape: 9,
} as const;

/** Event kinds from here on belong to faults, below `REPAIR_EVENTS_FROM`, and repairs. */
export const FAULT_EVENTS_FROM = 100;
export const REPAIR_EVENTS_FROM = 200;

/** At equal times: actions end, then the control plane moves, then monitoring looks. */
export const EventPriority = { action: 0, control: 1, monitoring: 2 } as const;
