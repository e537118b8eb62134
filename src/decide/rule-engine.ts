/** Applies rules to an observation: which fire where, in the order in which they would be carried out. */

import { assert, DeeplOpsError } from '../base/index.ts';
import { encodeChoice, NO_OP, type Observation, type RoleSpec, type Topology } from '../contract/index.ts';
import { componentScores } from './component-scores.ts';
import { CLUSTER_PREFIX, type Rule, type RuleSet } from './rule-set.ts';

/** A rule that asks for a repair. */
export interface Firing {
  readonly rule: Rule;
  readonly component: number;
  readonly choice: number;
  /** How far the component is off, 0 to 1. */
  readonly off: number;
}

/** Rules made ready for observations of one topology. */
export class RuleEngine {
  readonly #topology: Topology;
  readonly #columns: Columns;
  readonly #rulesByKind: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly #verbs: number;

  /** SPEC_MISMATCH where the rules are for other features or verbs. */
  constructor(rules: RuleSet, spec: RoleSpec, topology: Topology) {
    checkSpec(rules, spec);
    this.#topology = topology;
    this.#verbs = spec.action.verbs.length;
    this.#columns = new Columns(spec);
    const kinds = new Set(rules.rules.map(({ kind }) => kind));
    this.#rulesByKind = new Map(
      [...kinds].map((kind) => [
        kind,
        rules.rules.filter((rule) => rule.kind === kind).map((rule) => compile(rule, spec, this.#columns)),
      ]),
    );
  }

  /** Every component's first rule that matches and whose repair is legal: by priority, by how far off, by id. */
  firings(observation: Observation): Firing[] {
    const firings: Firing[] = [];
    this.#topology.components.forEach((_, component) => {
      const compiled = this.#match(observation, component);
      if (compiled === undefined) return;
      const choice = encodeChoice({ component, verb: compiled.verb }, this.#verbs);
      firings.push({ rule: compiled.rule, component, choice, off: this.#off(observation, component) });
    });
    return firings.sort((a, b) => b.rule.priority - a.rule.priority || b.off - a.off || a.component - b.component);
  }

  /** The repair that goes first, else no-op. */
  choose(observation: Observation): number {
    return this.firings(observation)[0]?.choice ?? NO_OP;
  }

  #match(observation: Observation, component: number): CompiledRule | undefined {
    const rules = this.#rulesByKind.get(this.#topology.components[component]?.kind ?? '');
    return rules?.find(({ conditions, verb }) => {
      if (observation.mask[encodeChoice({ component, verb }, this.#verbs)] !== 1) return false;
      return conditions.every(({ column, above, atMost }) => {
        const value = this.#columns.value(observation, component, column);
        return value > above && value <= atMost;
      });
    });
  }

  #off(observation: Observation, component: number): number {
    const kind = this.#topology.components[component]?.kind ?? '';
    return componentScores(kind, (name) => this.#columns.named(observation, component, `signal.${name}`)).anomaly;
  }
}

interface CompiledRule {
  readonly rule: Rule;
  readonly verb: number;
  readonly conditions: readonly { readonly column: number; readonly above: number; readonly atMost: number }[];
}

/** Finds values of an observation by name; columns from the component features' number on are the cluster's. */
class Columns {
  readonly #width: number;
  readonly #byName: ReadonlyMap<string, number>;

  constructor({ observation }: RoleSpec) {
    const { componentFeatures, clusterFeatures } = observation;
    this.#width = componentFeatures.length;
    const names = [
      ...componentFeatures.map(({ name }) => name),
      ...clusterFeatures.map(({ name }) => CLUSTER_PREFIX + name),
    ];
    this.#byName = new Map(names.map((name, column) => [name, column]));
  }

  column(name: string): number {
    const column = this.#byName.get(name);
    assert(column !== undefined, `the observation has no feature '${name}'`);
    return column;
  }

  value({ components, cluster }: Observation, component: number, column: number): number {
    const value = column < this.#width ? components[component * this.#width + column] : cluster[column - this.#width];
    assert(value !== undefined, `component ${component} has no column ${column}`);
    return value;
  }

  /** 0 where there is no such feature. */
  named(observation: Observation, component: number, name: string): number {
    const column = this.#byName.get(name);
    return column === undefined ? 0 : this.value(observation, component, column);
  }
}

function compile(rule: Rule, { action }: RoleSpec, columns: Columns): CompiledRule {
  const verb = action.verbs.findIndex(({ name }) => name === rule.do);
  assert(verb >= 0, `there is no verb '${rule.do}'`);
  const conditions = rule.when.map(({ feature, op, value }) => ({
    column: columns.column(feature),
    above: op === '>' ? value : Number.NEGATIVE_INFINITY,
    atMost: op === '<=' ? value : Number.POSITIVE_INFINITY,
  }));
  return { rule, verb, conditions };
}

function checkSpec({ observationHash, actionHash }: RuleSet, { observation, action }: RoleSpec): void {
  if (observationHash === observation.hash && actionHash === action.hash) return;
  const part = observationHash === observation.hash ? 'actions' : 'features';
  throw new DeeplOpsError('SPEC_MISMATCH', `the rules were made for other ${part} than there are here`);
}
