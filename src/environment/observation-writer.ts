/** Fills the observations of both roles, masks included, after each step. */

import type { Observation, Topology } from '../contract/index.ts';
import type { Contest } from './contest.ts';
import { ComponentEncoder } from './encoder.ts';

/** Room in an availability floor: how far above it counts as full. */
const AVAILABILITY_ROOM = 0.05;

export interface WriterTarget {
  readonly topology: Topology;
  readonly observations: { readonly chaos: Observation; readonly order: Observation };
}

/** Writes into the arrays it was given. */
export class ObservationWriter {
  readonly observations: { readonly chaos: Observation; readonly order: Observation };
  readonly #contest: Contest;
  readonly #topology: Topology;
  readonly #encoder: ComponentEncoder;

  constructor(contest: Contest, target: WriterTarget) {
    this.#contest = contest;
    this.#topology = target.topology;
    this.observations = target.observations;
    this.#encoder = new ComponentEncoder(contest, target.topology, {
      order: target.observations.order.components,
      chaos: target.observations.chaos.components,
    });
  }

  write(): void {
    const { order, chaos } = this.observations;
    this.#contest.signals.refresh(this.#contest.cluster);
    this.#encoder.encode();
    const shared = this.#writeClusterFeatures(order.cluster);
    for (let feature = 0; feature < shared; feature += 1) chaos.cluster[feature] = order.cluster[feature]!;
    this.#writeChaosFeatures(chaos.cluster, shared);
    this.#writeCriticFeatures(order.critic);
    for (let feature = 0; feature < order.critic.length; feature += 1) chaos.critic[feature] = order.critic[feature]!;
    this.#writeMasks();
  }

  /** See `ComponentEncoder.anomaly`. */
  anomaly(component: number): number {
    return this.#encoder.anomaly(component);
  }

  #writeClusterFeatures(out: Float32Array): number {
    const { scenario, cluster, repairs } = this.#contest;
    const components = this.#topology.components.length;
    const { doors, freshness } = cluster.monitoring;
    let deficit = 0;
    let slowness = 0;
    let shed = 0;
    for (const objective of scenario.objectives) {
      const { workload, successRatioMin, latencyP99SecondsMax } = objective;
      deficit = Math.max(deficit, successRatioMin - doors.successRatio[workload]!);
      slowness = Math.max(slowness, doors.latencyP99[workload]! / latencyP99SecondsMax);
      shed = Math.max(shed, doors.shedRatio[workload]!);
    }
    let missing = 0;
    for (let component = 0; component < components; component += 1) {
      missing += freshness.missing[component]!;
    }
    out[0] = Math.min(1, 10 * deficit);
    out[1] = Math.min(2, slowness) - 1;
    out[2] = shed;
    out[3] = usedShare(repairs.spent, scenario.contest.repairBudget);
    out[4] = Math.min(1, repairs.inProgressCount() / 4);
    out[5] = missing / components;
    return 6;
  }

  #writeChaosFeatures(out: Float32Array, first: number): void {
    const { scenario, cluster, clock, faults } = this.#contest;
    const { contest } = scenario;
    out[first] = Math.min(1, clock.elapsed(cluster.nowMicros) / clock.contestMicros);
    out[first + 1] = 1 - usedShare(faults.spent, faults.budget);
    out[first + 2] = usedShare(faults.activeCount(), contest.faultsConcurrentMax);
  }

  #writeCriticFeatures(out: Float32Array): void {
    const { scenario, cluster, clock, objectives, faults } = this.#contest;
    const { contest } = scenario;
    const overall = objectives.overall(cluster);
    const availability = overall.offered > 0 ? overall.good / overall.offered : 1;
    out[0] = clock.elapsed(cluster.nowMicros) / clock.totalMicros;
    out[1] = clock.phase(cluster.nowMicros) === 'recovery' ? 1 : 0;
    out[2] = objectives.loss;
    out[3] = usedShare(objectives.heldSeconds(cluster.nowMicros), contest.holdSeconds);
    out[4] = usedShare(faults.activeCount(), contest.faultsConcurrentMax);
    out[5] = 1 - usedShare(faults.spent, faults.budget);
    out[6] = Math.max(-1, Math.min(1, (availability - contest.availabilityMin) / AVAILABILITY_ROOM));
  }

  #writeMasks(): void {
    const { clock, cluster, faults, repairs } = this.#contest;
    const { order, chaos } = this.observations;
    order.mask[0] = 1;
    chaos.mask[0] = 1;
    if (clock.chaosDue(cluster.nowMicros)) faults.legalInto(chaos.mask, 1);
    else chaos.mask.fill(0, 1);
    if (clock.orderDue(cluster.nowMicros)) repairs.offeredInto(order.mask, 1);
    else order.mask.fill(0, 1);
  }
}

/** How much of an amount is used; all of nothing, when the rules allow none. */
function usedShare(used: number, allowed: number): number {
  return allowed > 0 ? Math.min(1, used / allowed) : 1;
}
