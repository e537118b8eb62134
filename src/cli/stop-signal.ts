/** Ctrl-C as an AbortSignal: the first asks the work to end cleanly, the second ends the program at once. */
import type { TextSink } from './output.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The part of `process` that brings signals and can end the program. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Listens from now on until `dispose`. Work that keeps the thread busy must let the event loop turn now and then
 * (`await setImmediate()`), or it never learns of the signal.
 */
export class StopSignal {
  readonly #controller = new AbortController();
  readonly #stderr: TextSink;
  readonly #source: SignalSource;

  constructor(stderr: TextSink, source: SignalSource) {
    this.#stderr = stderr;
    this.#source = source;
    for (const name of signals) source.on(name, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  dispose(): void {
    for (const name of signals) this.#source.off(name, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    if (this.#controller.signal.aborted) this.#source.exit(130);
    this.#stderr.write(
      '\nStopping after the current step, so that what was written is whole. Ctrl-C again ends at once.\n',
    );
    this.#controller.abort();
  };
}
