/**
 * The metrics of a run as `metrics.jsonl`, one JSON object per iteration, `metrics.csv` with the same columns, and an
 * event file for TensorBoard.
 */

import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, readTextFile, writeWholeFile } from '../base/index.ts';
import type { MetricRow } from './metrics.ts';
import { TensorboardFile } from './tensorboard-file.ts';

/** Appends rows; all files are whole after each one. */
export class MetricsFile {
  readonly #lines: string;
  readonly #table: string;
  readonly #events: TensorboardFile;
  #columns: string[] = [];
  #rows: MetricRow[] = [];

  /** Continues the files of a folder up to `iteration`; what a killed run wrote beyond that is dropped. */
  constructor(folder: string, iteration: number) {
    this.#lines = join(folder, 'metrics.jsonl');
    this.#table = join(folder, 'metrics.csv');
    try {
      mkdirSync(folder, { recursive: true });
    } catch (cause) {
      throw new DeeplOpsError('OUTPUT_UNWRITABLE', 'cannot make this folder', { place: { file: folder }, cause });
    }
    this.#rows = iteration === 0 ? [] : readRows(this.#lines).filter((row) => Number(row.iteration) <= iteration);
    this.#columns = columnsOf(this.#rows);
    writeWholeFile(this.#lines, this.#rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.#writeTable();
    this.#events = new TensorboardFile(folder, this.#rows);
  }

  /** Seconds of training up to the last row. */
  get elapsedSeconds(): number {
    return Number(this.#rows.at(-1)?.['time/elapsed_seconds'] ?? 0);
  }

  append(row: MetricRow): void {
    this.#rows.push(row);
    this.#events.append(row);
    appendFileSync(this.#lines, `${JSON.stringify(row)}\n`);
    const missing = Object.keys(row).filter((name) => !this.#columns.includes(name));
    if (missing.length === 0) {
      appendFileSync(this.#table, csvLine(row, this.#columns));
      return;
    }
    this.#columns.push(...missing);
    this.#writeTable();
  }

  #writeTable(): void {
    const lines = this.#rows.map((row) => csvLine(row, this.#columns));
    writeWholeFile(this.#table, `${this.#columns.join(',')}\n${lines.join('')}`);
  }
}

function readRows(file: string): MetricRow[] {
  if (!existsSync(file)) return [];
  const lines = readTextFile(file).split('\n');
  // The last line is empty, or was cut off by whatever ended the run.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as MetricRow);
}

function columnsOf(rows: readonly MetricRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function csvLine(row: MetricRow, columns: readonly string[]): string {
  return `${columns.map((name) => row[name] ?? '').join(',')}\n`;
}
