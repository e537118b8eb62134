/** Writes an exported model's folder. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, readTextFile, writeWholeFile } from '../base/index.ts';
import { AGENT_FORMAT } from './agent-card.ts';
import type { OrderModelFiles } from './order-model.ts';

/** Writes the files into the folder, over those of an earlier export; a folder that holds an agent is OUTPUT_UNWRITABLE. */
export function writeOrderModel(folder: string, files: OrderModelFiles): void {
  const card = join(folder, 'card.json');
  // Both kinds of folder have a card.json and a weights.bin: an agent would be lost without a trace.
  if (existsSync(card) && readTextFile(card).includes(`"${AGENT_FORMAT}"`)) {
    const message = 'this folder holds a trained agent, which the export would overwrite';
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', message, { place: { file: folder } });
  }
  for (const [name, content] of Object.entries(files)) writeWholeFile(join(folder, name), content);
}
