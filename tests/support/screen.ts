/** A terminal as far as a redrawn block needs one: text, line ends, going up and clearing downwards. */
export class Screen {
  columns: number;
  rows: number;
  #lines: string[] = [''];
  #row = 0;
  #column = 0;
  /** Every piece that was written. */
  readonly written: string[] = [];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What stands on the screen and above it. */
  get lines(): string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  write(text: string): void {
    this.written.push(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told what to do by control characters
    for (const part of text.match(/\x1b\[\d*[A-Z]|[\s\S]/gu) ?? []) this.#apply(part);
  }

  /** Takes another width; lines that are too long are wrapped, as terminals do. */
  resize(columns: number): void {
    this.columns = columns;
    this.#lines = this.#lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
    this.#row = this.#lines.length - 1;
  }

  #apply(part: string): void {
    if (part === '\r') this.#column = 0;
    else if (part === '\n') this.#newLine();
    else if (part.endsWith('A') && part.length > 1)
      this.#row = Math.max(this.#top, this.#row - Number(part.slice(2, -1)));
    else if (part === '\x1b[J') this.#clearBelow();
    else this.#put(part);
  }

  /** The first row in sight: what has scrolled away is out of reach. */
  get #top(): number {
    return Math.max(0, this.#lines.length - this.rows);
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push('');
  }

  #clearBelow(): void {
    this.#lines[this.#row] = this.#lines[this.#row]!.slice(0, this.#column);
    this.#lines.length = this.#row + 1;
  }

  #put(character: string): void {
    if (this.#column === this.columns) this.#newLine();
    const line = this.#lines[this.#row]!.padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column++;
  }
}
