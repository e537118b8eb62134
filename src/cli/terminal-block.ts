/** A block of lines at the bottom of a terminal, redrawn in place; what else is printed goes above it. */
import type { TextSink } from './output.ts';

/** The terminal a block is drawn on, and the clock that keeps it from being drawn too often; tests hand in their own. */
export interface TerminalSurroundings {
  readonly sink: TextSink;
  /** As it is at this moment. */
  size(): { readonly columns: number; readonly rows: number };
  /** Milliseconds since any fixed moment. */
  now(): number;
}

/** Lays the block out for a width. */
export type BlockLayout = (columns: number) => readonly string[];

const REDRAW_MS = 100;

export class TerminalBlock {
  readonly #surroundings: TerminalSurroundings;
  #layout: BlockLayout | undefined;
  /** The lines on the screen; the cursor stands at the start of the line below them. */
  #drawn: readonly string[] = [];
  #drawnMs = Number.NEGATIVE_INFINITY;
  #pending = false;

  constructor(surroundings: TerminalSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Shows this from now on, at most ten times a second. */
  update(layout: BlockLayout): void {
    this.#layout = layout;
    this.#pending = true;
    if (this.#surroundings.now() - this.#drawnMs >= REDRAW_MS) this.#draw();
  }

  /** Lays the block out anew, for a terminal whose size has changed. */
  readonly resize = (): void => {
    if (this.#drawn.length > 0) this.#draw();
  };

  /** Prints whole lines above the block. */
  print(text: string): void {
    const shown = this.#drawn.length > 0;
    this.#surroundings.sink.write(`${this.#backToStart()}${text}`);
    this.#drawn = [];
    if (shown) this.#draw();
  }

  /** Leaves the block on the screen in its last state; a later update begins another one below. */
  finish(): void {
    if (this.#pending) this.#draw();
    this.#drawn = [];
  }

  #draw(): void {
    const { sink, size, now } = this.#surroundings;
    const start = this.#backToStart();
    const { columns, rows } = size();
    const lines = this.#layout?.(columns - 1).slice(0, Math.max(1, rows - 1)) ?? [];
    this.#drawn = lines.map((line) => line.slice(0, columns - 1).trimEnd());
    sink.write(`${start}${this.#drawn.map((line) => `${line}\n`).join('')}`);
    this.#drawnMs = now();
    this.#pending = false;
  }

  /** Goes to where the block begins and clears from there; a terminal that became narrower has wrapped its lines. */
  #backToStart(): string {
    if (this.#drawn.length === 0) return '';
    const { columns } = this.#surroundings.size();
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
    return `\r\x1b[${rows}A\x1b[J`;
  }
}
