/** Makes a model of the files of an exported folder, wherever they lie. */

import { DeeplOpsError, hashWords } from '../base/index.ts';
import { EntityNetwork, type NamedArray } from './entity-network.ts';
import { type FamiliarSituations, familiarSituationsSchema } from './familiar-situations.ts';
import type { Clock } from './incident.ts';
import { OrderModel } from './order-model.ts';
import { type OrderModelCard, readCard } from './order-model-card.ts';
import type { RuleSet } from './rule-set.ts';
import { readRules } from './rules-document.ts';

/** The files of a model by name; reading one that is missing throws MODEL_INVALID. */
export interface ModelFiles {
  /** For complaints; empty where the files lie in no folder. */
  readonly folder: string;
  text(name: string): string;
  bytes(name: string): Uint8Array;
}

/**
 * The model; MODEL_INVALID where a file is missing, damaged or of another model, or where there is nothing to decide with.
 * Without a clock, whoever asks about a signals document has to tell the moment.
 */
export function readOrderModel(files: ModelFiles, clock?: Clock): OrderModel {
  const card = cardOf(files);
  const { limits } = card;
  if (limits === undefined || card.role !== 'order') {
    const message = `the model of ${card.name} holds no rules and no situations to decide with`;
    const hint = 'Export an order agent without --network-only.';
    throw new DeeplOpsError('MODEL_INVALID', message, { place: { file: files.folder }, hint });
  }
  const network = networkOf(files, card);
  return new OrderModel({ card, limits, network, rules: rulesOf(files), familiar: situationsOf(files), clock });
}

/** The rules of a model, checked against its card; MODEL_INVALID. */
export function rulesOf(files: ModelFiles): RuleSet {
  const card = cardOf(files);
  const result = readRules(readJson(files, 'rules.json'));
  if ('problem' in result) throw invalid(files, 'rules.json', result.problem);
  const { observationHash, actionHash } = result.rules;
  if (observationHash !== card.observation.hash || actionHash !== card.action.hash) {
    throw invalid(files, 'rules.json', 'these rules are for other features or verbs than the card names');
  }
  return result.rules;
}

function cardOf(files: ModelFiles): OrderModelCard {
  const result = readCard(readJson(files, 'card.json'));
  if ('problem' in result) throw invalid(files, 'card.json', result.problem);
  return result.card;
}

function situationsOf(files: ModelFiles): FamiliarSituations {
  const result = familiarSituationsSchema.safeParse(readJson(files, 'situations.json'));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(files, 'situations.json', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** What is read of `model.json`: which weights lie where in `weights.bin`. */
interface WeightsManifest {
  readonly weightsManifest: readonly [
    { readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[] },
  ];
}

function networkOf(files: ModelFiles, card: OrderModelCard): EntityNetwork {
  const bytes = Uint8Array.from(files.bytes('weights.bin'));
  if (bytes.length % 4 !== 0 || hashWords(new Uint32Array(bytes.buffer)) !== card.weightsHash) {
    throw invalid(files, 'weights.bin', 'these weights are not those the card names');
  }
  const view = new DataView(bytes.buffer);
  const arrays = new Map<string, NamedArray>();
  let offset = 0;
  for (const { name, shape } of manifestOf(files)) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (4 * (offset + length) > bytes.length) throw invalid(files, 'weights.bin', `it ends before ${name}`);
    const from = offset;
    const values = Float32Array.from({ length }, (_, index) => view.getFloat32(4 * (from + index), true));
    arrays.set(name, { shape, values });
    offset += length;
  }
  try {
    return new EntityNetwork(arrays);
  } catch (error) {
    if (error instanceof RangeError) throw invalid(files, 'model.json', error.message);
    throw error;
  }
}

function manifestOf(files: ModelFiles): WeightsManifest['weightsManifest'][0]['weights'] {
  const document = readJson(files, 'model.json') as Partial<WeightsManifest> | null;
  const weights = document?.weightsManifest?.[0]?.weights;
  if (!Array.isArray(weights)) throw invalid(files, 'model.json', 'it names no weights');
  return weights;
}

function readJson(files: ModelFiles, name: string): unknown {
  try {
    return JSON.parse(files.text(name));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(files, name, 'this is not JSON');
    throw cause;
  }
}

/** The complaint about one of the model's files. */
export function invalid({ folder }: Pick<ModelFiles, 'folder'>, name: string, reason: string): DeeplOpsError {
  return new DeeplOpsError('MODEL_INVALID', reason, { place: { file: folder === '' ? name : `${folder}/${name}` } });
}
