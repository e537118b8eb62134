/** Reads an exported model's folder. Nothing of the simulator and nothing of training is loaded for it. */

import { join } from 'node:path';
import { DeeplOpsError, readBytesFile, readTextFile } from '../base/index.ts';
import type { OrderModel } from './order-model.ts';
import { MODEL_FORMAT } from './order-model-card.ts';
import { invalid, type ModelFiles, readOrderModel, rulesOf } from './read-order-model.ts';
import type { RuleSet } from './rule-set.ts';

/** Reads the folder that `deepl-ops export` wrote; MODEL_INVALID where a file is missing, damaged or of another model. */
export function loadOrderModel(folder: string): OrderModel {
  return readOrderModel(filesIn(folder), () => Date.now());
}

/** The rules of an exported model alone; MODEL_INVALID. */
export function loadRules(folder: string): RuleSet {
  return rulesOf(filesIn(folder));
}

/** Whether a folder holds an exported model rather than anything else. */
export function looksLikeModel(folder: string): boolean {
  try {
    return readTextFile(join(folder, 'card.json')).includes(`"${MODEL_FORMAT}"`);
  } catch (error) {
    if (error instanceof DeeplOpsError) return false;
    throw error;
  }
}

function filesIn(folder: string): ModelFiles {
  const read = <T>(name: string, reader: (file: string) => T): T => {
    try {
      return reader(join(folder, name));
    } catch (error) {
      if (!(error instanceof DeeplOpsError) || error.code !== 'FILE_NOT_FOUND') throw error;
      throw invalid({ folder }, name, 'the file is missing');
    }
  };
  return { folder, text: (name) => read(name, readTextFile), bytes: (name) => read(name, readBytesFile) };
}
