/** A trained network as a policy: scales what it sees, scores all choices, and takes the best one or draws one. */

import { assert, DeeplOpsError, RandomStream } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import { choiceCount } from '../contract/index.ts';
import {
  type Backend,
  componentGraph,
  createSimdBackend,
  type FeatureScaling,
  type NetworkShape,
  type ObservationBatch,
  type PolicyOutput,
  scaleRows,
} from '../neural/index.ts';
import { bestChoice, MaskedCategorical } from './masked-categorical.ts';

/** Everything a trained network needs to decide. */
export interface NeuralAgent {
  readonly name: string;
  readonly role: string;
  readonly shape: NetworkShape;
  readonly weights: Float32Array;
  readonly scaling: {
    readonly components: FeatureScaling;
    readonly cluster: FeatureScaling;
    readonly critic: FeatureScaling;
  };
  /** Hashes of the specs it was trained on. */
  readonly observationHash: string;
  readonly actionHash: string;
  /** Whether it takes its best choice or draws from its probabilities. */
  readonly acts: 'best' | 'samples';
}

/** A policy that shows what it thought of every choice. */
export interface ScoringPolicy extends Policy {
  /** Logits of the last decision, by choice; overwritten by the next. */
  readonly logits: Float32Array;
}

/** A policy that decides as the agent does; SPEC_MISMATCH at reset where features or verbs are not those of its training. */
export function createNeuralPolicy(agent: NeuralAgent): ScoringPolicy {
  return new NeuralPolicy(agent);
}

/** What depends on the number of components. */
interface Rows {
  readonly backend: Backend;
  readonly batch: ObservationBatch;
  readonly out: PolicyOutput;
  readonly categorical: MaskedCategorical;
  readonly choices: number;
  /** What is remembered before and after a decision; empty for networks without a memory. */
  readonly memory: Float32Array;
  readonly memoryAfter: Float32Array;
}

class NeuralPolicy implements ScoringPolicy {
  readonly name: string;
  readonly #agent: NeuralAgent;
  readonly #byComponents: Map<number, Rows> = new Map();
  #rows: Rows | undefined;
  #stream: RandomStream | undefined;

  constructor(agent: NeuralAgent) {
    this.name = agent.name;
    this.#agent = agent;
  }

  get logits(): Float32Array {
    assert(this.#rows !== undefined, 'logits before reset');
    return this.#rows.out.logits;
  }

  reset({ role, topology, spec, seed }: PolicyContext): void {
    const agent = this.#agent;
    const part = mismatch(agent, role, spec);
    if (part !== undefined) {
      throw new DeeplOpsError('SPEC_MISMATCH', `the agent ${agent.name} was trained ${part}`);
    }
    const components = topology.components.length;
    const rows = this.#byComponents.get(components) ?? createRows(agent, components);
    this.#byComponents.set(components, rows);
    const graphs = agent.shape.messages === true ? [componentGraph(topology)] : [];
    rows.memory.fill(0);
    this.#rows = { ...rows, batch: { ...rows.batch, graphs } };
    this.#stream = new RandomStream(seed, `neural-policy ${role}`);
  }

  act(observation: Observation): number {
    const rows = this.#rows;
    assert(rows !== undefined && this.#stream !== undefined, 'act before reset');
    const { batch, out, choices } = rows;
    const { scaling } = this.#agent;
    const components = batch.componentsMax;
    scaleRows(observation.components, batch.components, scaling.components, { ...ROW, rows: components });
    scaleRows(observation.cluster, batch.cluster, scaling.cluster, ROW);
    batch.mask.set(observation.mask);
    rows.backend.forward(batch, out);
    rows.memory.set(rows.memoryAfter);
    const at = { logitsStart: 0, maskStart: 0, count: choices };
    if (this.#agent.acts === 'best') return bestChoice(out.logits, batch.mask, at);
    return rows.categorical.sample(out.logits, batch.mask, at, this.#stream.uniform());
  }
}

const ROW = { sourceStart: 0, targetStart: 0, rows: 1 };

/** In what the agent differs from the environment; undefined when in nothing. */
function mismatch(agent: NeuralAgent, role: string, spec: PolicyContext['spec']): string | undefined {
  if (agent.role !== role) return `for the role ${agent.role}, not ${role}`;
  if (agent.observationHash !== spec.observation.hash) return 'on other features than this environment has';
  if (agent.actionHash !== spec.action.hash) return 'on other actions than this environment has';
  return undefined;
}

function createRows({ shape, weights }: NeuralAgent, components: number): Rows {
  const choices = choiceCount(components, shape.verbs);
  const backend = createSimdBackend(shape, { componentsMax: components });
  backend.setWeights(weights);
  const memory = new Float32Array(shape.memoryUnits ?? 0);
  const memoryAfter = new Float32Array(memory.length);
  return {
    backend,
    batch: {
      size: 1,
      componentsMax: components,
      counts: Int32Array.of(components),
      components: new Float32Array(components * shape.componentFeatures),
      cluster: new Float32Array(shape.clusterFeatures),
      // A policy never reads critic features: they stay zero, and so the value means nothing here.
      critic: new Float32Array(shape.criticFeatures),
      mask: new Uint8Array(choices),
      memories: memory,
    },
    out: { logits: new Float32Array(choices), values: new Float32Array(1), memories: memoryAfter },
    memory,
    memoryAfter,
    categorical: new MaskedCategorical(choices),
    choices,
  };
}
