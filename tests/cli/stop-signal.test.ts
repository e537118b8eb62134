/** Ctrl-C, once and twice, with signals from a stand-in for the process. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { StopSignal } from '../../src/cli/stop-signal.ts';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

test('the first Ctrl-C asks the work to stop, the second ends the program', () => {
  const source = new FakeProcess();
  const written: string[] = [];
  const stop = new StopSignal({ write: (text) => written.push(text) }, source);
  source.emit('SIGINT');
  expect(stop.signal.aborted).toBe(true);
  expect(source.exits).toEqual([]);
  expect(written.join('')).toContain('Ctrl-C again ends at once');
  source.emit('SIGINT');
  expect(source.exits).toEqual([130]);
});

test('after the command has ended, Ctrl-C is no longer listened to', () => {
  const source = new FakeProcess();
  const stop = new StopSignal({ write: () => true }, source);
  stop.dispose();
  source.emit('SIGTERM');
  expect(stop.signal.aborted).toBe(false);
});
