/**
 * A training run on disk: `run.json` (settings and versions), `task.json` (what is learned, scenarios included), the
 * metrics, `checkpoint/`, `agents/<role>` and `archive.json`. Everything needed to resume lies in it.
 */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendToFile,
  checkWritableFolder,
  DeeplOpsError,
  readBytesFile,
  readTextFile,
  writeWholeFile,
} from '../base/index.ts';
import { writeAgent } from '../model/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import type { ArchiveReport } from './archive/archive-report.ts';
import { readCheckpointProgress } from './checkpoint.ts';
import { checkpointFiles, setCheckpointAside, writeCheckpointFile } from './checkpoint-file.ts';
import { requireKnownPrefixes } from './hidden-features.ts';
import type { MetricRow } from './metrics.ts';
import { MetricsFile } from './metrics-file.ts';
import { parseTrainSettings } from './parse-train-settings.ts';
import type { TaskDescription } from './task.ts';
import { createTask } from './task-catalogue.ts';
import type { TrainSettings } from './train-settings.ts';

const FORMAT = 'deepl-ops-run';

/** What `run.json` holds. */
export interface RunCard {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly settings: TrainSettings;
  /** Facts about the run for people: scenarios, versions, when and how it was started. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** A checkpoint on disk. */
interface CheckpointSource {
  readonly file: string;
  read(): Uint8Array;
  /** Puts it out of the way, because it is damaged. */
  setAside(): void;
}

/** A run's folder, new or reopened. */
export class RunFolder {
  readonly path: string;
  readonly card: RunCard;
  readonly task: TaskDescription;
  #metrics: MetricsFile | undefined;

  private constructor(path: string, card: RunCard, task: TaskDescription) {
    this.path = path;
    this.card = card;
    this.task = task;
  }

  /** OUTPUT_UNWRITABLE where a run is already, or where no folder can be made. */
  static checkFree(path: string): void {
    if (existsSync(join(path, 'run.json'))) {
      const hint = `Continue it with \`deepl-ops train --resume ${path}\`, or choose another folder with --out.`;
      throw new DeeplOpsError('OUTPUT_UNWRITABLE', 'this folder holds a run already', { place: { file: path }, hint });
    }
    checkWritableFolder(path);
  }

  /** Makes a folder for a new run, with `files` and what `fill` adds. OUTPUT_UNWRITABLE where a run is already. */
  static create(
    path: string,
    run: {
      readonly settings: TrainSettings;
      readonly task: TaskDescription;
      readonly about: RunCard['about'];
      readonly files?: Readonly<Record<string, string>>;
      readonly fill?: (path: string) => void;
    },
  ): RunFolder {
    RunFolder.checkFree(path);
    const { hiddenFeatures } = run.settings;
    if (hiddenFeatures.length > 0) requireKnownPrefixes(createTask(run.task), hiddenFeatures);
    const card: RunCard = { format: FORMAT, version: 1, settings: run.settings, about: run.about };
    writeWholeFile(join(path, 'task.json'), `${JSON.stringify(run.task)}\n`);
    for (const [name, text] of Object.entries(run.files ?? {})) writeWholeFile(join(path, name), text);
    run.fill?.(path);
    writeWholeFile(join(path, 'run.json'), `${JSON.stringify(card, null, 2)}\n`);
    return new RunFolder(path, card, run.task);
  }

  /** Reopens a run's folder; FILE_NOT_FOUND or CHECKPOINT_INVALID where it is none. */
  static open(path: string): RunFolder {
    const file = join(path, 'run.json');
    const card = parse(file) as Partial<RunCard>;
    if (card.format !== FORMAT || card.version !== 1) {
      throw new DeeplOpsError('CHECKPOINT_INVALID', 'this is no run of ours', { place: { file } });
    }
    const settings = parseTrainSettings(card.settings);
    const task = parse(join(path, 'task.json')) as TaskDescription;
    return new RunFolder(path, { format: FORMAT, version: 1, settings, about: card.about ?? {} }, task);
  }

  /** Prepares the metrics files, keeping rows up to `iteration`. */
  openMetrics(iteration: number): void {
    this.#metrics = new MetricsFile(this.path, iteration);
  }

  /** Seconds of training in earlier sessions. */
  get elapsedSeconds(): number {
    return this.#metrics?.elapsedSeconds ?? 0;
  }

  /** Notes how a session was called, with which versions, on what machine. */
  recordSession(facts: Readonly<Record<string, unknown>>): void {
    appendToFile(join(this.path, 'sessions.jsonl'), `${JSON.stringify(facts)}\n`);
  }

  appendMetrics(row: MetricRow): void {
    this.#metrics?.append(row);
  }

  /** The checkpoints there are to continue from, the newest first. */
  get checkpoints(): readonly CheckpointSource[] {
    const files = checkpointFiles(join(this.path, 'checkpoint'));
    return files.map((file) => ({ file, read: () => readBytesFile(file), setAside: () => setCheckpointAside(file) }));
  }

  /** How far the run is by its newest whole checkpoint; CHECKPOINT_* where there are some, all of them damaged. */
  get progress(): { readonly iteration: number; readonly steps: number } {
    const failures: unknown[] = [];
    for (const { file, read } of this.checkpoints) {
      try {
        return readCheckpointProgress({ bytes: read(), file });
      } catch (error) {
        if (!(error instanceof DeeplOpsError)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return { iteration: 0, steps: 0 };
  }

  writeCheckpoint(bytes: Uint8Array): void {
    writeCheckpointFile(join(this.path, 'checkpoint'), bytes);
  }

  /** Writes the kept failure scripts to `archive.json`. */
  writeArchive(report: ArchiveReport): void {
    writeWholeFile(join(this.path, 'archive.json'), `${JSON.stringify(report, null, 2)}\n`);
  }

  /** The failure scripts as last written; undefined where none are kept. */
  readArchive(): ArchiveReport | undefined {
    const file = join(this.path, 'archive.json');
    return existsSync(file) ? (parse(file) as ArchiveReport) : undefined;
  }

  /** Writes an agent to `agents/<name>`; returns that folder. */
  writeAgent(name: string, agent: NeuralAgent, training: Readonly<Record<string, unknown>>): string {
    const folder = join(this.path, 'agents', name);
    writeAgent(folder, agent, { training });
    return folder;
  }

  /** Removes `agents/<name>` if it is there. */
  removeAgent(name: string): void {
    rmSync(join(this.path, 'agents', name), { recursive: true, force: true });
  }
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readTextFile(file));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new DeeplOpsError('CHECKPOINT_INVALID', 'this is not JSON', { place: { file }, cause });
  }
}
