/** Small worlds for policy tests: named components with a few signals, everything else healthy. */
import {
  actionSpec,
  choiceCount,
  decodeChoice,
  encodeChoice,
  type Observation,
  observationSpec,
  type PolicyContext,
  type Topology,
} from '../../src/contract/index.ts';
import { contestSpecs } from '../../src/environment/index.ts';

/** Feature values of a component or of the cluster, by name. */
type Values = Readonly<Record<string, number>>;

/** Signals that are 1 when all is well. */
const healthy: Readonly<Record<string, Values>> = {
  service: { 'type.service': 1, 'signal.readyRatio': 1 },
  node: { 'type.node': 1, 'signal.nodeReady': 1 },
  link: { 'type.link': 1 },
  disk: { 'type.disk': 1 },
};

/** A world with the contest's own specs. `needs` maps a component to those it depends on. */
export class HandMadeWorld {
  readonly context: PolicyContext;
  readonly #topology: Topology;

  constructor(
    components: Readonly<Record<string, string>>,
    options: { needs?: Readonly<Record<string, readonly string[]>>; role?: 'order' | 'chaos'; seed?: number } = {},
  ) {
    const names = Object.keys(components);
    const role = options.role ?? 'order';
    const ids = (list: readonly string[] = []): number[] =>
      list.map((name) => names.indexOf(name)).sort((a, b) => a - b);
    const dependencies = names.map((name) => ids(options.needs?.[name]));
    this.#topology = {
      components: names.map((name) => ({ name, kind: components[name] ?? '' })),
      dependencies,
      dependents: names.map((_, id) => [...names.keys()].filter((other) => dependencies[other]?.includes(id))),
    };
    const specs = contestSpecs();
    this.context = { role, topology: this.#topology, spec: specs[role], seed: options.seed ?? 1 };
  }

  /** What the role sees; verbs named in `illegal` are masked out, as are verbs on components of another kind. */
  observe(
    state: { of?: Readonly<Record<string, Values>>; cluster?: Values; illegal?: readonly string[] } = {},
  ): Observation {
    const { observation, action } = this.context.spec;
    const { components } = this.#topology;
    const width = observation.componentFeatures.length;
    const rows = new Float32Array(components.length * width);
    const mask = new Uint8Array(choiceCount(components.length, action.verbs.length));
    mask[0] = 1;
    components.forEach(({ kind, name }, id) => {
      const values: Values = { ...healthy[kind], ...state.of?.[name] };
      observation.componentFeatures.forEach((feature, column) => {
        rows[id * width + column] = values[feature.name] ?? 0;
      });
      action.verbs.forEach((verb, index) => {
        const legal = verb.target === kind && !state.illegal?.includes(verb.name);
        mask[encodeChoice({ component: id, verb: index }, action.verbs.length)] = legal ? 1 : 0;
      });
    });
    const cluster = Float32Array.from(observation.clusterFeatures, ({ name }) => state.cluster?.[name] ?? 0);
    return { components: rows, cluster, critic: new Float32Array(observation.criticFeatures.length), mask };
  }

  /** The choice of a verb on a component. */
  choice(verb: string, component: string): number {
    const { verbs } = this.context.spec.action;
    const id = this.#topology.components.findIndex(({ name }) => name === component);
    return encodeChoice({ component: id, verb: verbs.findIndex(({ name }) => name === verb) }, verbs.length);
  }

  /** A choice in words: `verb on component`, or `nothing`. */
  words(choice: number): string {
    const { verbs } = this.context.spec.action;
    const action = decodeChoice(choice, verbs.length);
    if (action === undefined) return 'nothing';
    return `${verbs[action.verb]?.name} on ${this.#topology.components[action.component]?.name}`;
  }
}

/** A context whose specs have nothing of the contest's in them. */
export function foreignContext(): PolicyContext {
  const feature = { name: 'x', unit: '1', meaning: 'anything' };
  const observation = observationSpec({ componentFeatures: [feature], clusterFeatures: [feature], criticFeatures: [] });
  const action = actionSpec([{ name: 'push', target: 'cart', meaning: 'pushes' }]);
  const topology = { components: [{ kind: 'cart', name: 'cart' }], dependencies: [[]], dependents: [[]] };
  return { role: 'player', topology, spec: { observation, action }, seed: 1 };
}
