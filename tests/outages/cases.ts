/** What is tried against each outage of the library: repairs that end it, and plausible ones that do not. */

/** Repairs in the words of `replay --repair`, done one after the other. */
export type Course = readonly string[];

export interface Cases {
  /** Left out where the outage ends by itself and every repair is a mistake. */
  readonly right?: readonly Course[];
  readonly wrong: readonly Course[];
  /** Lines of the story on its page, from the first fault on; left out: 14. */
  readonly told?: number;
}

/** By outage, in the order of the page that lists them. */
export const cases: Readonly<Record<string, Cases>> = {
  'retry-storm-after-deploy': {
    right: [['service.disable-retries on productcatalogservice at 75s']],
    wrong: [
      ['service.restart on productcatalogservice at 75s'],
      ['service.scale-out on productcatalogservice at 75s'],
      ['service.shed-load on frontend at 75s'],
    ],
    told: 12,
  },
  'bad-deploy': {
    right: [['service.roll-back on currencyservice at 75s']],
    wrong: [['service.restart on currencyservice at 75s'], ['service.scale-out on currencyservice at 75s']],
    told: 9,
  },
  'cold-cache-after-restart': {
    right: [['service.shed-load on frontend at 90s']],
    wrong: [['service.restart on frontend at 90s'], ['service.restart on productcatalogservice at 90s']],
    told: 32,
  },
  'traffic-surge': {
    right: [
      [
        'service.scale-out on frontend at 70s',
        'service.scale-out on frontend at 75s',
        'service.scale-out on frontend at 80s',
      ],
    ],
    wrong: [['service.shed-load on frontend at 70s'], ['service.restart on frontend at 70s']],
  },
  'pool-exhausted-by-slow-dependency': {
    right: [['service.restart on recommendationservice at 75s']],
    wrong: [['service.restart on frontend at 75s'], ['service.scale-out on frontend at 75s']],
  },
  'slow-optional-dependency': {
    right: [['service.reschedule on adservice at 80s', 'service.reschedule on adservice at 2m']],
    wrong: [['service.restart on adservice at 80s'], ['service.open-breaker on adservice at 80s']],
    told: 20,
  },
  'stop-the-world-pauses': {
    right: [['service.restart on adservice at 90s']],
    wrong: [['service.scale-out on adservice at 90s'], ['service.disable-retries on adservice at 90s']],
  },
  'hung-replica': {
    right: [['service.reschedule on cartservice at 80s'], ['service.restart on cartservice at 80s']],
    wrong: [['service.scale-out on cartservice at 80s'], ['service.shift-traffic on cartservice at 80s']],
  },
  'memory-leak-crash-loop': {
    right: [
      [
        'service.restart on cartservice at 75s',
        'service.restart on cartservice at 255s',
        'service.restart on cartservice at 435s',
        'service.restart on cartservice at 615s',
      ],
    ],
    wrong: [['service.restart-unready on cartservice at 125s'], ['service.scale-out on cartservice at 80s']],
    told: 22,
  },
  'broken-machine-image': {
    right: [['service.reschedule on shippingservice at 75s', 'service.reschedule on shippingservice at 100s']],
    wrong: [['service.restart-unready on shippingservice at 80s']],
  },
  'expired-certificate': {
    right: [['service.roll-back on cartservice at 75s']],
    wrong: [['service.restart on redis-cart at 75s'], ['service.fail-over on redis-cart at 75s']],
    told: 9,
  },
  'quota-cut': {
    right: [['service.roll-back on frontend at 80s']],
    wrong: [['service.scale-out on shippingservice at 80s'], ['service.restart on shippingservice at 80s']],
    told: 8,
  },
  'name-service-outage': {
    right: [['service.pin-address on productcatalogservice at 75s']],
    wrong: [
      ['service.restart on productcatalogservice at 75s'],
      ['service.reschedule on productcatalogservice at 75s'],
    ],
    told: 10,
  },
  'stale-name-entry': {
    right: [['service.pin-address on cartservice at 90s']],
    wrong: [['service.restart on cartservice at 90s'], ['service.scale-out on cartservice at 90s']],
    told: 8,
  },
  'partition-between-cart-and-redis': {
    right: [['service.reschedule on cartservice at 80s', 'service.reschedule on cartservice at 100s']],
    wrong: [['service.restart on cartservice at 80s'], ['service.fail-over on redis-cart at 80s']],
  },
  'one-way-partition': {
    right: [['node.drain on node-a-2 at 75s']],
    wrong: [['link.reroute on node-a-2-uplink at 75s'], ['service.restart on productcatalogservice at 75s']],
  },
  'lossy-backbone': {
    right: [
      [
        'link.reroute on zone-a--zone-c at 75s',
        'link.reroute on zone-a--zone-c at 258s',
        'link.reroute on zone-a--zone-c at 441s',
        'link.reroute on zone-a--zone-c at 624s',
        'link.reroute on zone-a--zone-c at 807s',
      ],
    ],
    wrong: [['service.fail-over on redis-cart at 75s'], ['service.restart on frontend at 75s']],
  },
  'backup-floods-a-link': {
    right: [
      [
        'link.throttle on node-b-2-uplink at 75s',
        'link.throttle on node-b-2-uplink at 315s',
        'link.throttle on node-b-2-uplink at 555s',
        'link.throttle on node-b-2-uplink at 800s',
      ],
      ['node.drain on node-b-2 at 75s'],
    ],
    wrong: [['service.restart on redis-cart at 75s']],
  },
  'noisy-neighbour': {
    right: [['node.drain on node-b-2 at 75s']],
    wrong: [['service.restart on recommendationservice at 75s'], ['service.fail-over on redis-cart at 75s']],
  },
  'clock-drift': {
    right: [['node.resync-clock on node-b-2 at 75s']],
    wrong: [['service.restart on redis-cart at 75s'], ['service.fail-over on redis-cart at 75s']],
  },
  'machine-lost-in-a-surge': {
    right: [['node.drain on node-a-1 at 130s']],
    wrong: [['node.reboot on node-a-1 at 130s'], ['service.scale-out on frontend at 130s']],
    told: 30,
  },
  'zone-outage': {
    right: [
      [
        'link.reroute on node-b-2-uplink at 65s',
        'link.reroute on node-b-1-uplink at 70s',
        'service.fail-over on redis-cart at 75s',
        'node.reboot on node-b-2 at 80s',
        'node.reboot on node-b-1 at 85s',
      ],
    ],
    wrong: [['service.fail-over on redis-cart at 65s'], ['node.reboot on node-b-2 at 65s']],
    told: 24,
  },
  'flapping-leader': {
    right: [['service.reschedule on redis-cart at 80s']],
    wrong: [['service.restart on redis-cart at 80s'], ['service.fail-over on redis-cart at 80s']],
    told: 26,
  },
  'failover-with-replication-lag': {
    right: [['node.reboot on node-b-2 at 160s']],
    wrong: [['service.fail-over on redis-cart at 160s']],
    told: 24,
  },
  'disk-filled-by-logs': {
    right: [['disk.free-space on redis-cart-disk-0 at 2m'], ['service.fail-over on redis-cart at 2m']],
    wrong: [['service.restart on redis-cart at 3m'], ['service.disable-retries on redis-cart at 3m']],
  },
  'gray-disk': {
    right: [['service.fail-over on redis-cart at 75s']],
    wrong: [['service.restart on redis-cart at 75s'], ['service.disable-retries on redis-cart at 75s']],
  },
  'bad-sectors': {
    right: [['service.fail-over on redis-cart at 80s']],
    wrong: [['service.restart on redis-cart at 80s'], ['service.disable-retries on redis-cart at 80s']],
    told: 11,
  },
  'silent-corruption': {
    right: [['disk.restore on redis-cart-disk-0 at 80s'], ['service.fail-over on redis-cart at 80s']],
    wrong: [['service.restart on redis-cart at 80s'], ['service.disable-retries on redis-cart at 80s']],
    told: 8,
  },
  'read-only-file-system': {
    right: [['disk.remount on redis-cart-disk-0 at 80s']],
    wrong: [['service.restart on redis-cart at 80s'], ['service.disable-retries on redis-cart at 80s']],
  },
  'dead-disk': {
    right: [['service.fail-over on redis-cart at 70s', 'disk.replace on redis-cart-disk-0 at 80s']],
    wrong: [['service.fail-over on redis-cart at 70s']],
    told: 18,
  },
  'hesitating-leader': {
    wrong: [['service.fail-over on redis-cart at 185s']],
  },
  'nightly-backup': {
    wrong: [['disk.replace on redis-cart-disk-0 at 90s'], ['node.drain on node-b-2 at 90s']],
    told: 8,
  },
};
