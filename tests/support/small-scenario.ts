/** A short contest on the small cluster of `cluster-spec`, for tests. */
import type { ContestRules, Scenario, ScriptedFault } from '../../src/scenario/index.ts';
import { clusterSpec } from './cluster-spec.ts';

/** A scripted fault; what is left out is as in a scenario file. */
type FaultLine = Omit<ScriptedFault, 'peer' | 'direction' | 'mode' | 'value' | 'parameters'> & Partial<ScriptedFault>;

/** Two minutes of contest and one of recovery; `contest` changes the rules. */
export function smallScenario(changes: Partial<ContestRules> = {}, script: readonly FaultLine[] = []): Scenario {
  return {
    formatVersion: 1,
    name: 'small',
    description: 'users, two services and a store',
    cluster: clusterSpec(),
    objectives: [{ workload: 0, successRatioMin: 0.99, latencyP99SecondsMax: 0.5 }],
    contest: {
      decisionSeconds: { chaos: 5, order: 5 },
      warmUpSeconds: 30,
      contestSeconds: 120,
      recoverySeconds: 60,
      holdSeconds: 30,
      availabilityMin: 0.5,
      lostWritesMax: 1000,
      shedRatioMax: 0.05,
      chaosBudget: 10,
      faultsConcurrentMax: 2,
      replicaShareMax: 0.5,
      cooldownSeconds: 30,
      protected: [],
      faultsAllowed: null,
      quietRatio: 0.1,
      repairBudget: 30,
      rewards: {
        lossWeight: 0.02,
        shortageWeight: 0,
        repairCostWeight: 0.05,
        repairedBonus: 5,
        faultCostWeight: 0.01,
        regretWeight: 1,
      },
      ...changes,
    },
    script: script.map((line) => ({
      peer: null,
      direction: 'both',
      mode: null,
      value: null,
      parameters: {},
      ...line,
    })),
  };
}
