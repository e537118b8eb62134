/** Looks up features and verbs by name, so that a scripted policy says what it reads and fails at reset where that is missing. */

import { assert } from '../base/index.ts';
import type { FeatureSpec, Observation, PolicyContext } from '../contract/index.ts';
import { encodeChoice, NO_OP } from '../contract/index.ts';

/** Reads one environment's observations by feature name, and writes choices by verb name. */
export class ObservationReader {
  readonly componentCount: number;
  readonly #context: PolicyContext;
  readonly #featureCount: number;
  readonly #verbCount: number;

  constructor(context: PolicyContext) {
    this.#context = context;
    this.componentCount = context.topology.components.length;
    this.#featureCount = context.spec.observation.componentFeatures.length;
    this.#verbCount = context.spec.action.verbs.length;
  }

  /** Column of a component feature. */
  column(name: string): number {
    return indexByName(this.#context.spec.observation.componentFeatures, name);
  }

  /** Position of a cluster feature. */
  clusterColumn(name: string): number {
    return indexByName(this.#context.spec.observation.clusterFeatures, name);
  }

  /** Index of a verb, -1 where this role has none of that name. */
  verb(name: string): number {
    return this.#context.spec.action.verbs.findIndex((verb) => verb.name === name);
  }

  /** A component's value in a column. */
  value(observation: Observation, component: number, column: number): number {
    const value = observation.components[component * this.#featureCount + column];
    assert(value !== undefined, `component ${component} has no column ${column}`);
    return value;
  }

  /** The choice of `verb` on `component` where it is legal now, else no-op. */
  choice(observation: Observation, component: number, verb: number): number {
    if (verb < 0) return NO_OP;
    const choice = encodeChoice({ component, verb }, this.#verbCount);
    return observation.mask[choice] === 1 ? choice : NO_OP;
  }
}

function indexByName(features: readonly FeatureSpec[], name: string): number {
  const index = features.findIndex((feature) => feature.name === name);
  assert(index >= 0, `the observation has no feature '${name}'`);
  return index;
}
