/** Agents on disk: a folder with `card.json` and `weights.bin` (network weights and the scaling of what it sees). */

import { join } from 'node:path';
import { DeeplOpsError, readBytesFile, readTextFile, writeWholeFile } from '../base/index.ts';
import { parameterCount, parameterTable } from '../neural/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { AGENT_FORMAT, AGENT_VERSION, type AgentCard, agentCardSchema } from './agent-card.ts';
import { type ArrayBundle, BundleError, bundleHash, decodeBundle, encodeBundle } from './array-bundle.ts';

const CARD_FILE = 'card.json';
const WEIGHTS_FILE = 'weights.bin';
const KINDS = ['components', 'cluster', 'critic'] as const;

/** Writes an agent's folder. `training` tells how it came about, `scores` how well it does. */
export function writeAgent(
  folder: string,
  agent: NeuralAgent,
  notes: Pick<AgentCard, 'training' | 'scores'>,
): AgentCard {
  const { name, role, acts, shape, observationHash, actionHash, weights, scaling } = agent;
  const arrays: Record<string, Float32Array> = { weights };
  for (const kind of KINDS) {
    arrays[`${kind}.means`] = scaling[kind].means;
    arrays[`${kind}.factors`] = scaling[kind].factors;
  }
  const bytes = encodeBundle({ header: { format: AGENT_FORMAT, role }, arrays });
  const card: AgentCard = {
    format: AGENT_FORMAT,
    version: AGENT_VERSION,
    name,
    role,
    kind: 'neural',
    acts,
    network: shape,
    observationHash,
    actionHash,
    weights: { file: WEIGHTS_FILE, hash: bundleHash(bytes) },
    ...notes,
  };
  writeWholeFile(join(folder, WEIGHTS_FILE), bytes);
  writeWholeFile(join(folder, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
  return card;
}

/** Reads an agent's folder: AGENT_UNKNOWN where there is none, AGENT_INVALID where its files are damaged. */
export function readAgent(folder: string): { readonly agent: NeuralAgent; readonly card: AgentCard } {
  const card = readCard(folder);
  const file = join(folder, card.weights.file);
  const bytes = readBytesFile(file);
  const arrays = readArrays(bytes, file);
  if (bundleHash(bytes) !== card.weights.hash) throw invalid(file, 'these weights are not those the card names');
  const take = (name: string, length: number): Float32Array => {
    const array = arrays[name];
    if (array instanceof Float32Array && array.length === length) return array;
    throw invalid(file, `${name} has not the ${length} numbers that the card's network needs`);
  };
  const { name, role, acts, network: shape, observationHash, actionHash } = card;
  const scalingOf = (kind: string, width: number) => ({
    means: take(`${kind}.means`, width),
    factors: take(`${kind}.factors`, width),
  });
  const scaling = {
    components: scalingOf('components', shape.componentFeatures),
    cluster: scalingOf('cluster', shape.clusterFeatures),
    critic: scalingOf('critic', shape.criticFeatures),
  };
  const weights = take('weights', parameterCount(parameterTable(shape)));
  return { agent: { name, role, shape, weights, scaling, observationHash, actionHash, acts }, card };
}

function readCard(folder: string): AgentCard {
  const file = join(folder, CARD_FILE);
  const text = readCardText(file, folder);
  const result = agentCardSchema.safeParse(parseJson(text, file));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(file, `${issue?.path.join('.')}: ${issue?.message}`);
}

function readCardText(file: string, folder: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    if (!(error instanceof DeeplOpsError) || error.code !== 'FILE_NOT_FOUND') throw error;
    throw new DeeplOpsError('AGENT_UNKNOWN', 'this folder holds no card.json', {
      place: { file: folder },
      cause: error,
    });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeeplOpsError('AGENT_INVALID', 'this is not JSON', { place: { file }, cause });
  }
}

function readArrays(bytes: Uint8Array, file: string): ArrayBundle['arrays'] {
  try {
    return decodeBundle(bytes).arrays;
  } catch (error) {
    if (error instanceof BundleError) throw invalid(file, error.message);
    throw error;
  }
}

function invalid(file: string, reason: string): DeeplOpsError {
  return new DeeplOpsError('AGENT_INVALID', reason, { place: { file } });
}
