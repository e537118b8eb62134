/** Checks a compiled scenario that comes from outside, such as the one inside a recording, before anything trusts it. */
import { DeeplOpsError, type ErrorPlace } from '../base/index.ts';
import { type ClusterTopology, clusterTopology } from '../cluster/index.ts';
import { clusterProblem, type ScenarioProblem } from './cluster-problems.ts';
import { contestProblem } from './compile-scenario.ts';
import { compiledScenarioSchema } from './compiled-schema.ts';
import { checkFaultName, checkScriptedFault } from './fault-check.ts';
import type { Scenario } from './scenario.ts';
import { invalidField, pathText } from './scenario-error.ts';

/** The same data, typed. Throws SCENARIO_INVALID, SCENARIO_UNKNOWN_NAME or SCENARIO_CALL_CYCLE, naming the field. */
export function validateScenario(json: unknown, place: ErrorPlace = {}): Scenario {
  const result = compiledScenarioSchema.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = (issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
    throw invalidField(path, issue?.message ?? 'is not a compiled scenario', place);
  }
  const scenario = result.data;
  refuse(indexProblem(scenario) ?? clusterProblem(scenario.cluster) ?? contestProblem(scenario), place);
  const topology = clusterTopology(scenario.cluster);
  refuse(protectedProblem(scenario, topology), place);
  const locate = () => place;
  for (const [index, fault] of (scenario.contest.faultsAllowed ?? []).entries()) {
    checkFaultName(fault, ['contest', 'faultsAllowed', index], locate);
  }
  for (const [index, fault] of scenario.script.entries()) {
    checkScriptedFault(fault, ['script', index], { cluster: scenario.cluster, topology, locate });
  }
  return scenario;
}

function refuse(problem: ScenarioProblem | undefined, place: ErrorPlace): void {
  if (problem === undefined) return;
  const message = `${pathText(problem.path)}: ${problem.message}`;
  const hint = problem.hint === undefined ? {} : { hint: problem.hint };
  throw new DeeplOpsError(problem.code ?? 'SCENARIO_INVALID', message, { place, ...hint });
}

/** The first index that points at nothing. */
function indexProblem({ cluster, objectives }: Scenario): ScenarioProblem | undefined {
  const { zones, nodes, services, calls, workloads } = cluster;
  return (
    outside(
      'nodes',
      'zone',
      nodes.map((node) => [node.zone]),
      zones.length,
    ) ??
    outside(
      'services',
      'placement',
      services.map((service) => service.placement),
      nodes.length,
    ) ??
    outside(
      'calls',
      'ends',
      calls.map((call) => [call.caller, call.callee]),
      services.length,
    ) ??
    outside(
      'workloads',
      'service',
      workloads.map((workload) => [workload.service]),
      services.length,
    ) ??
    outside(
      'objectives',
      'workload',
      objectives.map((objective) => [objective.workload]),
      workloads.length,
    )
  );
}

function outside(
  list: string,
  field: string,
  rows: readonly (readonly number[])[],
  length: number,
): ScenarioProblem | undefined {
  const row = rows.findIndex((indices) => indices.some((index) => index >= length));
  return row < 0 ? undefined : { path: [list, row, field], message: `there are only ${length} to refer to` };
}

function protectedProblem({ contest }: Scenario, topology: ClusterTopology): ScenarioProblem | undefined {
  const index = contest.protected.findIndex((id) => id >= topology.components);
  return index < 0 ? undefined : { path: ['contest', 'protected', index], message: 'there is no such component' };
}
