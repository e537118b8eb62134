/** Checks what a scenario says about faults against the catalogue: names, severities, and what each may target. */
import { assert } from '../base/index.ts';
import { type ClusterTopology, componentAt } from '../cluster/index.ts';
import { faultKinds } from '../faults/index.ts';
import { invalidField, type Locate, unknownName } from './scenario-error.ts';
import type { YamlPath } from './yaml-source.ts';

const FAULT_NAMES: readonly string[] = faultKinds.map((kind) => kind.name);

/** Throws SCENARIO_UNKNOWN_NAME unless there is such a fault. */
export function checkFaultName(name: string, path: YamlPath, locate: Locate): void {
  checkName('fault', { name, known: FAULT_NAMES, path }, locate);
}

/** Throws SCENARIO_UNKNOWN_NAME or SCENARIO_INVALID unless the fault can be started on its target. */
export function checkScriptedFault(
  scripted: { readonly fault: string; readonly severity: string; readonly target: string },
  path: YamlPath,
  { topology, locate }: { topology: ClusterTopology; locate: Locate },
): void {
  checkFaultName(scripted.fault, [...path, 'fault'], locate);
  const kind = faultKinds.find(({ name }) => name === scripted.fault);
  assert(kind !== undefined, 'a known fault is in the catalogue');
  const severities: readonly string[] = kind.severities.map(({ name }) => name);
  checkName('severity', { name: scripted.severity, known: severities, path: [...path, 'severity'] }, locate);
  const known = topology.componentNames;
  const target = { name: scripted.target, known, path: [...path, 'target'] };
  checkName('component', target, locate);
  const { kind: found } = componentAt(topology, known.indexOf(scripted.target));
  if (found === kind.target) return;
  const problem = `${kind.name} targets a ${kind.target}, but ${scripted.target} is a ${found}`;
  throw invalidField(target.path, problem, locate(target.path));
}

function checkName(
  kind: string,
  reference: { readonly name: string; readonly known: readonly string[]; readonly path: YamlPath },
  locate: Locate,
): void {
  if (reference.known.includes(reference.name)) return;
  throw unknownName({ ...reference, kind }, locate(reference.path));
}
