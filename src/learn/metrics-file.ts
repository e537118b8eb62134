/**
 * The metrics of a run as `metrics.jsonl`, one JSON object per iteration, `metrics.csv` with the same columns, and an
 * event file for TensorBoard.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { appendToFile, readTextFile, writeWholeFile } from '../base/index.ts';
import type { MetricRow } from './metrics.ts';
import { TensorboardFile } from './tensorboard-file.ts';

/** Appends rows; all files are whole after each one. */
export class MetricsFile {
  readonly #lines: string;
  readonly #table: string;
  readonly #events: TensorboardFile;
  readonly #columns: string[];
  #last: MetricRow | undefined;

  /** Continues the files of a folder up to `iteration`; what a killed run wrote beyond that is dropped. */
  constructor(folder: string, iteration: number) {
    this.#lines = join(folder, 'metrics.jsonl');
    this.#table = join(folder, 'metrics.csv');
    const rows = iteration === 0 ? [] : readRows(this.#lines).filter((row) => Number(row.iteration) <= iteration);
    this.#columns = columnsOf(rows);
    this.#last = rows.at(-1);
    writeWholeFile(this.#lines, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.#writeTable(rows);
    this.#events = new TensorboardFile(folder, rows);
  }

  /** Seconds of training up to the last row. */
  get elapsedSeconds(): number {
    return Number(this.#last?.['time/elapsed_seconds'] ?? 0);
  }

  append(row: MetricRow): void {
    this.#last = row;
    this.#events.append(row);
    appendToFile(this.#lines, `${JSON.stringify(row)}\n`);
    const missing = Object.keys(row).filter((name) => !this.#columns.includes(name));
    if (missing.length === 0) {
      appendToFile(this.#table, csvLine(row, this.#columns));
      return;
    }
    this.#columns.push(...missing);
    // Rows are not kept in memory: a run may have any number of them, and new columns are rare.
    this.#writeTable(readRows(this.#lines));
  }

  #writeTable(rows: readonly MetricRow[]): void {
    const lines = rows.map((row) => csvLine(row, this.#columns));
    writeWholeFile(this.#table, `${this.#columns.join(',')}\n${lines.join('')}`);
  }
}

function readRows(file: string): MetricRow[] {
  if (!existsSync(file)) return [];
  // The last line is empty, or was cut off by whatever ended the run.
  return readTextFile(file).split('\n').slice(0, -1).flatMap(parseRow);
}

/** A line that a full disk or a power cut has torn is left out. */
function parseRow(line: string): readonly MetricRow[] {
  try {
    return [JSON.parse(line) as MetricRow];
  } catch {
    return [];
  }
}

function columnsOf(rows: readonly MetricRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function csvLine(row: MetricRow, columns: readonly string[]): string {
  return `${columns.map((name) => row[name] ?? '').join(',')}\n`;
}
