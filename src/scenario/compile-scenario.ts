/** Compiles a checked scenario document into a `Scenario`: defaults filled in, names resolved, SI units. */
import { DeeplOpsError } from '../base/index.ts';
import { type ClusterSpec, type ClusterTopology, clusterTopology } from '../cluster/index.ts';
import { contradiction } from './call-problems.ts';
import { clusterProblem, type ScenarioProblem } from './cluster-problems.ts';
import { compileCluster, nameIndex } from './compile-cluster.ts';
import { type Complete, DEFAULT_CONTEST, DEFAULT_OBJECTIVE } from './defaults.ts';
import type { ContestSection, ObjectiveSection, ScenarioDocument, ScriptedFaultSection } from './document.ts';
import { checkFaultName, checkScriptedFault } from './fault-check.ts';
import { layered } from './layered.ts';
import type { ContestRules, Objective, Scenario, ScriptedFault } from './scenario.ts';
import { type Locate, pathText } from './scenario-error.ts';
import { ratio, seconds } from './units.ts';

/** Throws SCENARIO_UNKNOWN_NAME, SCENARIO_CALL_CYCLE and SCENARIO_INVALID, with their places. */
export function compileScenario(document: ScenarioDocument, locate: Locate): Scenario {
  refuse(contradiction(document), locate);
  const cluster = compileCluster(document, locate);
  refuse(clusterProblem(cluster), locate);
  const topology = clusterTopology(cluster);
  const scenario: Scenario = {
    formatVersion: 1,
    name: document.name,
    description: document.description ?? '',
    cluster,
    objectives: compileObjectives(document, cluster, locate),
    contest: compileContest(document.contest ?? {}, { topology, locate }),
    script: compileScript(document.script ?? [], { cluster, topology, locate }),
  };
  refuse(contestProblem(scenario), locate);
  return scenario;
}

/** A day; the request engine's clock holds 38 hours. */
const EPISODE_SECONDS_MAX = 86_400;

/** The first problem in how the rules, objectives and script of a scenario go together, or undefined. */
export function contestProblem({ contest, objectives, script }: Scenario): ScenarioProblem | undefined {
  const total = contest.contestSeconds + contest.recoverySeconds;
  if (contest.warmUpSeconds + total > EPISODE_SECONDS_MAX) {
    return { path: ['contest', 'duration'], message: 'makes the episode longer than a day' };
  }
  if (contest.holdSeconds > total) return { path: ['contest', 'hold'], message: 'is longer than the episode' };
  for (const role of ['chaos', 'order'] as const) {
    if (contest.decisionSeconds[role] > contest.contestSeconds) {
      return {
        path: ['contest', 'decision', role],
        message: 'is longer than the contest, so there would be no decision',
      };
    }
  }
  const twice = objectives.findIndex(
    ({ workload }, index) => objectives.findIndex((other) => other.workload === workload) < index,
  );
  if (twice >= 0) return { path: ['objectives', twice], message: 'is the second objective of its workload' };
  const late = script.findIndex((fault) => fault.startSeconds >= total);
  return late < 0
    ? undefined
    : { path: ['script'], message: `${script[late]?.fault} starts after the end of the episode` };
}

function refuse(problem: ScenarioProblem | undefined, locate: Locate): void {
  if (problem === undefined) return;
  throw new DeeplOpsError(problem.code ?? 'SCENARIO_INVALID', `${pathText(problem.path)}: ${problem.message}`, {
    place: locate(problem.path),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
}

interface Context {
  readonly topology: ClusterTopology;
  readonly locate: Locate;
}

/** Without stated objectives, every workload has the default one. */
function compileObjectives(document: ScenarioDocument, cluster: ClusterSpec, locate: Locate): Objective[] {
  const workloads = cluster.workloads.map((workload) => workload.name);
  const workloadIndex = nameIndex('workload', workloads, locate);
  const sections = document.objectives ?? workloads.map((workload): ObjectiveSection => ({ workload }));
  return sections.map((written, index) => {
    const section: Complete<ObjectiveSection> = layered(DEFAULT_OBJECTIVE, written);
    return {
      workload: workloadIndex(section.workload, ['objectives', index, 'workload']),
      successRatioMin: ratio(section.successRatio),
      latencyP99SecondsMax: seconds(section.latencyP99),
    };
  });
}

function compileContest(written: ContestSection, { topology, locate }: Context): ContestRules {
  const components = nameIndex('component', topology.componentNames, locate);
  const section: ContestSection & typeof DEFAULT_CONTEST = layered(DEFAULT_CONTEST, written);
  const ids = (section.protected ?? []).map((name, index) => components(name, ['contest', 'protected', index]));
  for (const [index, fault] of (section.faults ?? []).entries())
    checkFaultName(fault, ['contest', 'faults', index], locate);
  return {
    decisionSeconds: { chaos: seconds(section.decision.chaos), order: seconds(section.decision.order) },
    warmUpSeconds: seconds(section.warmUp),
    contestSeconds: seconds(section.duration),
    recoverySeconds: seconds(section.recovery),
    holdSeconds: seconds(section.hold),
    availabilityMin: ratio(section.availability),
    lostWritesMax: section.lostWrites,
    shedRatioMax: ratio(section.shed),
    chaosBudget: section.chaosBudget,
    faultsConcurrentMax: section.faultsConcurrent,
    replicaShareMax: ratio(section.replicaShare),
    cooldownSeconds: seconds(section.cooldown),
    protected: [...new Set(ids)].sort((a, b) => a - b),
    faultsAllowed: section.faults === undefined ? null : [...new Set(section.faults)],
    quietRatio: ratio(section.quiet),
    repairBudget: section.repairBudget,
    rewards: { ...section.rewards },
  };
}

function compileScript(
  sections: readonly ScriptedFaultSection[],
  context: Context & { readonly cluster: ClusterSpec },
): ScriptedFault[] {
  const script = sections.map((section, index): ScriptedFault => {
    checkScriptedFault(section, ['script', index], context);
    return {
      fault: section.fault,
      target: section.target,
      severity: section.severity,
      startSeconds: seconds(section.start),
      durationSeconds: section.duration === undefined ? null : seconds(section.duration),
      peer: section.peer ?? null,
      direction: section.direction ?? 'both',
      mode: section.mode ?? null,
      value: section.value ?? null,
      parameters: { ...section.parameters },
    };
  });
  return script.sort((a, b) => a.startSeconds - b.startSeconds);
}
