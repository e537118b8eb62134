/** Checks what a scenario says about faults against the catalogue: names, places, and what a script may change. */
import { assert } from '../base/index.ts';
import { type ClusterSpec, type ClusterTopology, componentAt } from '../cluster/index.ts';
import {
  type FaultKind,
  type FaultMode,
  faultKinds,
  modeIsPercent,
  modeNeedsValue,
  parameterProblem,
} from '../faults/index.ts';
import type { ScriptedFault } from './scenario.ts';
import { invalidField, type Locate, unknownName } from './scenario-error.ts';
import type { YamlPath } from './yaml-source.ts';

const FAULT_NAMES: readonly string[] = faultKinds.map((kind) => kind.name);

/** A scripted fault as written or as compiled. */
export type WrittenFault = Pick<ScriptedFault, 'fault' | 'severity' | 'target'> & {
  readonly [F in 'peer' | 'direction' | 'mode' | 'value' | 'parameters']?: ScriptedFault[F] | null | undefined;
};

interface CheckContext {
  readonly cluster: ClusterSpec;
  readonly topology: ClusterTopology;
  readonly locate: Locate;
}

/** Throws SCENARIO_UNKNOWN_NAME unless there is such a fault. */
export function checkFaultName(name: string, path: YamlPath, locate: Locate): void {
  checkName('fault', { name, known: FAULT_NAMES, path }, locate);
}

/** Throws SCENARIO_UNKNOWN_NAME or SCENARIO_INVALID unless the fault can be started on its target as stated. */
export function checkScriptedFault(scripted: WrittenFault, path: YamlPath, context: CheckContext): void {
  const { topology, locate } = context;
  checkFaultName(scripted.fault, [...path, 'fault'], locate);
  const kind = faultKinds.find(({ name }) => name === scripted.fault);
  assert(kind !== undefined, 'a known fault is in the catalogue');
  const severities: readonly string[] = kind.severities.map(({ name }) => name);
  checkName('severity', { name: scripted.severity, known: severities, path: [...path, 'severity'] }, locate);
  const known = topology.componentNames;
  const target = { name: scripted.target, known, path: [...path, 'target'] };
  checkName('component', target, locate);
  const refuse = (field: string, problem: string): never => {
    throw invalidField([...path, field], problem, locate([...path, field]));
  };
  const { kind: found, index } = componentAt(topology, known.indexOf(scripted.target));
  if (found !== kind.target) {
    refuse('target', `${kind.name} targets a ${kind.target}, but ${scripted.target} is a ${found}`);
  }
  if (!kind.suits({ spec: context.cluster, topology }, index)) {
    refuse('target', `${kind.name} finds nothing to act on at ${scripted.target}: ${kind.meaning}`);
  }
  const mode = modeProblem(kind, scripted);
  if (mode !== undefined) refuse(...mode);
  checkParameters(kind, scripted, path, locate);
  if (scripted.peer) {
    const services = context.cluster.services.map(({ name }) => name);
    checkName('service', { name: scripted.peer, known: services, path: [...path, 'peer'] }, locate);
  }
  const neighbour = peerProblem(kind, scripted, context.cluster);
  if (neighbour !== undefined) refuse(...neighbour);
}

/** Field and complaint. */
type Complaint = [field: string, problem: string];

function modeProblem(kind: FaultKind, { mode, value }: WrittenFault): Complaint | undefined {
  const hasValue = value !== null && value !== undefined;
  if (mode === null || mode === undefined) return hasValue ? ['value', 'is for a mode, and there is none'] : undefined;
  if (!kind.scope.replicas) return ['mode', `${kind.name} does not choose among replicas`];
  if (!modeNeedsValue(mode)) return hasValue ? ['value', `the mode ${mode} takes none`] : undefined;
  if (!hasValue) return ['mode', `the mode ${mode} needs a value: ${valueMeaning(mode)}`];
  const isRight = modeIsPercent(mode) ? value > 0 && value <= 100 : value >= 1 && Number.isInteger(value);
  return isRight ? undefined : ['value', `must be ${valueMeaning(mode)}`];
}

function valueMeaning(mode: FaultMode): string {
  return modeIsPercent(mode) ? 'percent of the replicas, above 0 and up to 100' : 'a number of replicas, 1 or more';
}

function checkParameters(kind: FaultKind, { parameters }: WrittenFault, path: YamlPath, locate: Locate): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    const place = [...path, 'parameters', name];
    checkName(`parameter of ${kind.name}`, { name, known: kind.parameterNames, path: place }, locate);
    const problem = parameterProblem(name, value);
    if (problem !== undefined) throw invalidField(place, problem, locate(place));
  }
}

/** What a peer or a direction asks for must exist: calls between the two, made by the one or by the other. */
function peerProblem({ name, scope }: FaultKind, written: WrittenFault, cluster: ClusterSpec): Complaint | undefined {
  const { target } = written;
  const peer = written.peer ?? null;
  const direction = written.direction ?? 'both';
  if (peer !== null && scope.peer === 'none') return ['peer', `${name} does not act between two services`];
  if (direction !== 'both' && scope.direction === 'none') return ['direction', `${name} has no direction`];
  const serviceAt = (index: number): string => cluster.services[index]?.name ?? '';
  const concerns = (other: number): boolean => peer === null || serviceAt(other) === peer;
  const makes = cluster.calls.some((call) => serviceAt(call.caller) === target && concerns(call.callee));
  const isCalled = cluster.calls.some((call) => serviceAt(call.callee) === target && concerns(call.caller));
  const takes = isCalled || (peer === null && cluster.workloads.some(({ service }) => serviceAt(service) === target));
  if (peer !== null && !makes && scope.peer === 'callee') return ['peer', `${target} does not call ${peer}`];
  if (peer !== null && !makes && !takes) return ['peer', `${target} has no call to or from ${peer}`];
  if (scope.direction !== 'calls') return undefined;
  const other = peer ?? 'anybody';
  if (direction === 'to' && !makes) return ['direction', `${target} does not call ${other}`];
  return direction === 'from' && !takes ? ['direction', `${target} is not called by ${other}`] : undefined;
}

function checkName(
  kind: string,
  reference: { readonly name: string; readonly known: readonly string[]; readonly path: YamlPath },
  locate: Locate,
): void {
  if (reference.known.includes(reference.name)) return;
  throw unknownName({ ...reference, kind }, locate(reference.path));
}
