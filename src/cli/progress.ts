/** Progress of long work on stderr: a bar that is redrawn on a terminal, a plain line now and then elsewhere. */
import type { TextSink } from './output.ts';

/** Tells how much of the total is done, and a short note such as the current score. */
export type ProgressUpdate = (done: number, note?: string) => void;

/** What progress needs of the world; tests hand in their own. */
export interface ProgressSurroundings {
  readonly sink: TextSink & { readonly isTTY?: boolean; readonly columns?: number };
  /** Milliseconds since any fixed moment. */
  now(): number;
}

const redrawMs = 100;
const lineMs = 5_000;

/** One bar or one series of lines; `close` ends it for now, so that what is printed next starts on a line of its own. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #surroundings: ProgressSurroundings;
  readonly #startedMs: number;
  /** Whether the cursor stands behind a bar. */
  #open = false;
  #shownMs: number;
  #pending = '';

  constructor(label: string, total: number, surroundings: ProgressSurroundings) {
    this.#label = label;
    this.#total = total;
    this.#surroundings = surroundings;
    this.#startedMs = surroundings.now();
    this.#shownMs = this.#startedMs;
  }

  update(done: number, note = ''): void {
    this.#pending = this.#describe(done, note);
    const terminal = this.#surroundings.sink.isTTY === true;
    const now = this.#surroundings.now();
    if (now - this.#shownMs < (terminal ? redrawMs : lineMs)) return;
    this.#shownMs = now;
    this.#show(terminal);
  }

  close(): void {
    this.#show(this.#surroundings.sink.isTTY === true);
    if (this.#open) this.#surroundings.sink.write('\n');
    this.#open = false;
  }

  #show(terminal: boolean): void {
    if (this.#pending === '') return;
    this.#surroundings.sink.write(terminal ? `\r\x1b[K${this.#pending}` : `${this.#pending}\n`);
    this.#pending = '';
    this.#open = terminal;
  }

  #describe(done: number, note: string): string {
    const share = this.#total > 0 ? Math.min(1, done / this.#total) : 0;
    const bar = this.#surroundings.sink.isTTY ? `${'█'.repeat(Math.floor(share * 20)).padEnd(20, '░')} ` : '';
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const text = `${this.#label} ${bar}${percent}${this.#remaining(share)}${note && `  ${note}`}`;
    return text.slice(0, (this.#surroundings.sink.columns ?? 200) - 1);
  }

  #remaining(share: number): string {
    const elapsedSeconds = (this.#surroundings.now() - this.#startedMs) / 1000;
    if (share === 0 || share === 1 || elapsedSeconds < 1) return '';
    const seconds = Math.round((elapsedSeconds * (1 - share)) / share);
    return seconds < 90 ? `  ${seconds} s left` : `  ${Math.ceil(seconds / 60)} min left`;
  }
}
