/** The exported model of a trained agent: the files of one folder, which explain and check themselves. */

import { DeeplOpsError, hashWords } from '../base/index.ts';
import type { RoleSpec } from '../contract/index.ts';
import { MODEL_FORMAT, MODEL_VERSION } from '../decide/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { type DecisionParts, decisionFiles, decisionNotes, queryNotes, type SignalNote } from './decision-files.ts';
import { goldenVectors } from './golden-vectors.ts';
import { WEIGHTS_FILE } from './layers-graph.ts';
import { networkNotes, ONNX_FILE, TENSORFLOW_FILE } from './network-notes.ts';
import { onnxNetwork } from './onnx-network.ts';
import { tensorflowLayers } from './tensorflow-layers.ts';
import { unexportableParts } from './trained-parts.ts';

/** What is known about an agent beyond what it computes. */
export interface OrderModelOrigin {
  /** Names, units and meanings of the features and verbs it was trained on. */
  readonly spec: RoleSpec;
  /** How it was trained, as its own card tells it. */
  readonly training: unknown;
  /** How well it does, if its own card tells; else what was measured at export. */
  readonly scores?: unknown;
  /** Version of the program that exports it. */
  readonly codeVersion: string;
  /** The signals of each kind of component. */
  readonly signals?: Readonly<Record<string, readonly SignalNote[]>>;
  /** Rules and situations; without them the model is its network alone. */
  readonly decision?: DecisionParts | undefined;
}

/** Files by name. */
export type OrderModelFiles = Readonly<Record<string, string | Uint8Array>>;

/** Numbers of components of the golden vectors. */
const GOLDEN_COUNTS = [1, 4, 11];
const GOLDEN_SEED = 1;
/** How far logits of another float32 backend may lie from the golden ones, of the largest legal one or of 1. */
const GOLDEN_TOLERANCE = 1e-4;

/**
 * The network in both formats, golden.json and card.json of an agent. SPEC_MISMATCH where the spec is not the agent's
 * own, EXPORT_UNSUPPORTED where the network has parts that the formats cannot hold.
 */
export function orderModelFiles(agent: NeuralAgent, origin: OrderModelOrigin): OrderModelFiles {
  const { observation, action } = origin.spec;
  if (agent.observationHash !== observation.hash || agent.actionHash !== action.hash) {
    const message = `the agent ${agent.name} was trained on other features or actions than this version has`;
    throw new DeeplOpsError('SPEC_MISMATCH', message);
  }
  const parts = unexportableParts(agent.shape);
  if (parts.length > 0) {
    const message = `the network of ${agent.name} has parts that no exported format holds: ${parts.join(', ')}`;
    throw new DeeplOpsError('EXPORT_UNSUPPORTED', message);
  }
  const { name, role, acts } = agent;
  const metadata = { name, role, acts, observationHash: observation.hash, actionHash: action.hash };
  const model = tensorflowLayers(agent, metadata);
  const vectors = goldenVectors(agent, { componentCounts: GOLDEN_COUNTS, seed: GOLDEN_SEED });
  const { codeVersion, training, scores = origin.decision?.scores ?? null } = origin;
  const card = {
    format: MODEL_FORMAT,
    version: MODEL_VERSION,
    name,
    role,
    acts,
    exportedBy: codeVersion,
    observation: {
      hash: observation.hash,
      componentFeatures: observation.componentFeatures,
      clusterFeatures: observation.clusterFeatures,
    },
    action: {
      hash: action.hash,
      verbs: action.verbs.map(({ name, target, meaning, offer }) => ({ name, target, meaning, offer })),
    },
    network: { ...networkNotes(agent), weightsHash: hashWords(new Uint32Array(model.weights.buffer)) },
    training,
    scores,
    ...(origin.signals === undefined ? {} : queryNotes(origin.spec, origin.signals)),
    ...(origin.decision === undefined ? {} : decisionNotes(origin.decision)),
    golden: {
      file: 'golden.json',
      tolerance: GOLDEN_TOLERANCE,
      meaning: 'observations with the logits they must give, to within tolerance x max(1, largest legal logit)',
    },
  };
  return {
    [TENSORFLOW_FILE]: json(model.document),
    [WEIGHTS_FILE]: model.weights,
    [ONNX_FILE]: onnxNetwork(agent, metadata),
    ...(origin.decision === undefined ? {} : decisionFiles(origin.decision, origin.spec, name)),
    'golden.json': json({ tolerance: GOLDEN_TOLERANCE, vectors }),
    'card.json': json(card, 2),
  };
}

function json(document: unknown, indent?: number): string {
  return `${JSON.stringify(document, null, indent)}\n`;
}
