/**
 * Holds names and values of documents against what a model knows: a name nobody knows would be passed over in silence,
 * and the answer would be another one.
 */

import type { DeeplOpsError } from '../base/index.ts';
import type { BoundAlert } from './alert-document.ts';
import { type DocumentPath, meant, type ProblemOptions, problemAt } from './file-problem.ts';
import type { ModelSpec } from './order-model-card.ts';
import { boundsBreach } from './signal-bounds.ts';
import type { SignalsDocument } from './signals-document.ts';
import type { TopologyMap } from './topology-document.ts';

/** Which model is asked, and how to complain. */
export interface NameCheck extends ProblemOptions {
  readonly spec: ModelSpec;
}

/** Components, signals and repairs of a signals document. */
export function checkSignalNames({ components }: SignalsDocument, map: TopologyMap, check: NameCheck): void {
  for (const [name, { signals, before, healthy, repairs }] of Object.entries(components)) {
    const path = ['components', name];
    const id = map.idByName.get(name);
    if (id === undefined) {
      throw stranger(path, { name, what: 'such component in the topology map', known: map.idByName.keys() }, check);
    }
    const kind = map.facts[id]?.kind ?? '';
    for (const [part, values] of Object.entries({ signals, before, healthy })) {
      checkValues([...path, part], values, { of: `a ${kind}`, known: check.spec.signalsOf[kind] ?? [] }, check);
    }
    const verbs = check.spec.action.verbs.filter(({ target }) => target === kind).map((verb) => verb.name);
    repairs.forEach(({ verb }, index) => {
      if (verbs.includes(verb)) return;
      const what = `repair ${verb} of a ${kind}`;
      throw stranger([...path, 'repairs', index, 'verb'], { name: verb, what, known: verbs }, check);
    });
  }
}

/** Signals of a topology map: healthy ones, and what alerts say about the component they name or, by a label, any. */
export function checkMapNames({ document, facts, idByName }: TopologyMap, check: NameCheck): void {
  const { signalsOf } = check.spec;
  for (const [name, { kind, healthy }] of Object.entries(document.components)) {
    const signals = { of: `a ${kind}`, known: signalsOf[kind] ?? [] };
    checkValues(['components', name, 'healthy'], healthy, signals, check);
  }
  const anyKind = { of: 'any component here', known: [...new Set(facts.flatMap(({ kind }) => signalsOf[kind] ?? []))] };
  document.alerts.forEach(({ component, signals }, index) => {
    const kind = facts[idByName.get(component) ?? -1]?.kind;
    const own = kind === undefined ? anyKind : { of: `a ${kind}`, known: signalsOf[kind] ?? [] };
    checkValues(['alerts', index, 'signals'], signals, own, check);
  });
}

/** What a firing alert says about a component that a label named: its kind must have such signals. */
export function checkBoundSignals(alerts: readonly BoundAlert[], map: TopologyMap, check: NameCheck): void {
  for (const { component, binding, signals } of alerts) {
    const { kind, name } = map.topology.components[component] ?? { kind: '', name: '' };
    const own = { of: `a ${kind}, which ${name} is`, known: check.spec.signalsOf[kind] ?? [] };
    checkValues(['alerts', binding, 'signals'], signals, own, check);
  }
}

function checkValues(
  path: DocumentPath,
  values: Readonly<Record<string, number>>,
  { of, known }: { readonly of: string; readonly known: readonly string[] },
  check: NameCheck,
): void {
  for (const [signal, value] of Object.entries(values)) {
    if (!known.includes(signal)) {
      throw stranger([...path, signal], { name: signal, what: `such signal of ${of}`, known }, check);
    }
    const breach = boundsBreach(signal, value);
    if (breach === undefined) continue;
    const { message, hint } = breach;
    throw problemAt([...path, signal], message, { ...check, ...(hint === undefined ? {} : { hint }) });
  }
}

/** A name that is none of those that are known. */
function stranger(
  path: DocumentPath,
  { name, what, known }: { readonly name: string; readonly what: string; readonly known: Iterable<string> },
  check: NameCheck,
): DeeplOpsError {
  return problemAt(path, `there is no ${what}${meant(name, known)}`, check);
}
