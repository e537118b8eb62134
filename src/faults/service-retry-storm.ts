/** A retry storm: a short surge of users while callers retry without a budget, so that the overload outlives it. */

import { entriesAbove, hasCall } from './call-facts.ts';
import { type ClusterPlan, type FaultKind, faultKind } from './fault-kind.ts';

export const serviceRetryStorm: FaultKind = faultKind({
  name: 'service.retry-storm',
  target: 'service',
  meaning: 'callers retry without a budget while a short surge of users overloads the service: outlives its trigger',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: { loadFactor: 2, triggerSeconds: 15 } },
    { name: 'severe', cost: 2, durationSeconds: 360, parameters: { loadFactor: 3, triggerSeconds: 30 } },
  ],
  suits: (cluster, service) => isRetried(cluster, service) && entriesAbove(cluster, service).length > 0,
  apply: ({ cluster, owner, target }, { loadFactor }) => {
    cluster.effects.start({ kind: 'serviceRetryBudgetOff', target, value: 1, owner });
    for (const entry of entriesAbove(cluster, target)) {
      cluster.effects.start({ kind: 'serviceSurge', target: entry, value: loadFactor, owner });
    }
  },
  firstPulseSeconds: ({ triggerSeconds }) => triggerSeconds,
  pulse: ({ cluster, owner, target }) => {
    cluster.effects.endOwner(owner);
    cluster.effects.start({ kind: 'serviceRetryBudgetOff', target, value: 1, owner });
    return null;
  },
});

/** Whether callers retry at all, within a budget that can be switched off. */
function isRetried(plan: ClusterPlan, service: number): boolean {
  return hasCall(
    plan,
    service,
    ({ callee, retriesMax, retryBudgetRatio }) => callee === service && retriesMax > 0 && retryBudgetRatio < Infinity,
  );
}
