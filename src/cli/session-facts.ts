/** Facts about one session of a run, for its folder: how it was called, with which versions, on what machine. */
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { codeVersion } from './code-version.ts';

const BYTES_PER_GIB = 2 ** 30;

/** The facts; `workers` are the threads of this session. */
export function sessionFacts(workers: number): Record<string, unknown> {
  return {
    startedAt: new Date().toISOString(),
    commandLine: ['deepl-ops', ...process.argv.slice(2)].map(quoted).join(' '),
    codeVersion: codeVersion(),
    nodeVersion: process.version,
    platform: `${platform()} ${release()} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Number((totalmem() / BYTES_PER_GIB).toFixed(1)),
    workers,
  };
}

function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A number of threads in words. */
export function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
