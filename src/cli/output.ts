/** A command's result on stdout: one JSON document with --json, text for people otherwise. */
import type { DeeplOpsError } from '../base/index.ts';
import { assert } from '../base/index.ts';

/** Where text goes: a stream, or a list in tests. */
export interface TextSink {
  write(text: string): unknown;
}

export class Output {
  readonly json: boolean;
  readonly #sink: TextSink;
  #finished = false;
  #makeRoom: () => void = () => {};

  constructor(sink: TextSink, json: boolean) {
    this.#sink = sink;
    this.json = json;
  }

  /** Calls this before anything is printed, so that it can end what it has drawn on the terminal. */
  beforeText(makeRoom: () => void): void {
    this.#makeRoom = makeRoom;
  }

  /** Prints the result, once per run; text that is costly to lay out may be given as a function. */
  result(document: unknown, text: string | (() => string)): void {
    assert(!this.#finished, 'a command prints one result');
    this.#finished = true;
    this.#makeRoom();
    const people = () => (typeof text === 'string' ? text : text());
    this.#sink.write(`${this.json ? JSON.stringify(document, null, 2) : people()}\n`);
  }

  /** Prints a line for people ahead of the result; with --json it says nothing. */
  line(text: string): void {
    if (this.json) return;
    this.#makeRoom();
    this.#sink.write(`${text}\n`);
  }

  /** With --json, the document of a run that ended without a result. */
  failure({ code, message, hint, place }: DeeplOpsError): void {
    if (this.json && !this.#finished) this.result({ error: { code, message, hint, place } }, '');
  }
}
