/** Every command, in the order in which `--help` shows them. */
import type { Command } from '../command.ts';
import { benchmarkCommand } from './benchmark.ts';
import { decideCommand } from './decide.ts';
import { exportCommand } from './export.ts';
import { generateCommand } from './generate.ts';
import { importCommand } from './import.ts';
import { listCommand } from './list.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { speedCommand } from './speed.ts';
import { startCommand } from './start.ts';
import { topologyCommand } from './topology.ts';
import { trainCommand } from './train.ts';
import { validateCommand } from './validate.ts';
import { versionCommand } from './version.ts';

export const commands: readonly Command[] = [
  startCommand,
  trainCommand,
  runCommand,
  replayCommand,
  benchmarkCommand,
  exportCommand,
  decideCommand,
  topologyCommand,
  importCommand,
  generateCommand,
  validateCommand,
  speedCommand,
  listCommand,
  versionCommand,
];
