/** Random rules of the contest, timings of the control plane, and scripts of faults with random envelopes. */

import { faultKinds } from '../../faults/index.ts';
import type { ScenarioDocument } from '../../scenario/index.ts';
import type { Dice } from './dice.ts';

const SCRIPT_LENGTH_MAX = 6;

type Section<K extends keyof ScenarioDocument> = NonNullable<ScenarioDocument[K]>;

/** Short contests: some dozens of decisions. */
export function randomContest(dice: Dice): Section<'contest'> {
  const decision = dice.one([0.25, 1, 1, 2, 5]);
  const duration = decision * dice.whole(8, 25);
  return {
    decision: { chaos: decision * dice.one([1, 1, 2, 1.3]), order: decision * dice.one([1, 1, 3, 0.7]) },
    warmUp: dice.one([0, 2, 15]),
    duration,
    recovery: dice.one([0, 2 * decision, 5 * decision]),
    hold: dice.one([0, decision]),
    availability: dice.one([0, 0.5, 1]),
    lostWrites: dice.one([0, 500]),
    shed: dice.one([0, 0.05, 1]),
    chaosBudget: dice.one([0, 10, 1e6, 1e6]),
    faultsConcurrent: dice.one([0, 2, 1000, 1000]),
    replicaShare: dice.one([0, 0.34, 1, 1]),
    cooldown: dice.one([0, 0, 3, 1e6]),
    repairBudget: dice.one([0, 30, 1e6, 1e6]),
  };
}

export function randomControl(dice: Dice): Section<'control'> {
  const heartbeat = dice.one([0.1, 1, 10]);
  const backoff = dice.one([0, 0.5, 10]);
  return {
    heartbeat,
    nodeGrace: heartbeat * dice.one([1, 4]),
    eviction: dice.one([0, 2, 60]),
    crashBackoff: backoff,
    crashBackoffMax: backoff + dice.one([0, 5, 300]),
    crashBackoffReset: dice.one([0, 5, 600]),
    clockTolerance: dice.one([0, 30]),
  };
}

export function randomMonitoring(dice: Dice): Section<'monitoring'> {
  return {
    scrape: dice.one([0.3, 1, 5, 7.3]),
    late: dice.one([0, 0.05, 0.5, 1]),
    missing: dice.one([0, 0.01, 0.5, 1]),
  };
}

/** Faults of any kind on any component of theirs, with random peers, directions, shares and parameters. */
export function randomScript(dice: Dice, document: ScenarioDocument): Section<'script'> {
  const { duration = 0, recovery = 0 } = document.contest ?? {};
  const total = Number(duration) + Number(recovery);
  const places = placesByKind(document);
  return Array.from({ length: dice.whole(1, SCRIPT_LENGTH_MAX) }, () => {
    const kind = dice.one(faultKinds.filter(({ target }) => places[target].length > 0));
    const severity = dice.one(kind.severities);
    return {
      fault: kind.name,
      target: dice.one(places[kind.target]),
      severity: severity.name,
      start: dice.between(0, 0.99 * total),
      duration: dice.maybe(0.5, () => dice.one([0.1, 1, 5, 1e6])),
      ...randomEnvelope(dice, Object.keys(document.services)),
      parameters: dice.maybe(0.3, () => randomParameters(dice, severity.parameters)),
    };
  });
}

function randomEnvelope(dice: Dice, services: readonly string[]) {
  if (dice.chance(0.6)) return {};
  const mode = dice.maybe(0.5, () => dice.one(['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'] as const));
  return {
    peer: dice.maybe(0.5, () => dice.one(services)),
    direction: dice.maybe(0.5, () => dice.one(['to', 'from', 'both'] as const)),
    mode,
    value: mode === undefined || mode === 'one' || mode === 'all' ? undefined : dice.one([1, 2, 50, 100]),
  };
}

/** Some of the severity's parameters, from nothing at all to far beyond what it states. */
function randomParameters(dice: Dice, parameters: Readonly<Record<string, number>>): Record<string, number> {
  const drawn = Object.entries(parameters).flatMap(([name, value]): [string, number][] => {
    if (dice.chance(0.5)) return [];
    const usual = Number.isFinite(value) ? value : 1;
    const factor = dice.one([0, 0.5, 1, 1, 10, 1e6]);
    // A ratio is a share: more than all of it is refused by the reader.
    return [[name, name.endsWith('Ratio') ? Math.min(1, usual * factor) : usual * factor]];
  });
  return Object.fromEntries(drawn);
}

/** Names of what there is of each kind of component; zones pair up in their order. */
function placesByKind(document: ScenarioDocument): Record<'service' | 'node' | 'link' | 'disk', string[]> {
  const nodes = document.nodes.map(({ name }) => name);
  const zones = document.zones ?? [];
  const pairs = zones.flatMap((zone, first) => zones.slice(first + 1).map((other) => `${zone}--${other}`));
  const disks = Object.entries(document.services).flatMap(([name, { storage, replicas = 2 }]) =>
    storage === undefined ? [] : Array.from({ length: replicas }, (_, index) => `${name}-disk-${index}`),
  );
  const links = [...nodes.map((name) => `${name}-uplink`), ...pairs];
  return { service: Object.keys(document.services), node: nodes, link: links, disk: disks };
}
