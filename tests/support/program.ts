/** The built program for tests that spawn it or start worker threads: dist/ is brought up to date on first use. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
let buildMessages: string | undefined;

/** The absolute path of a compiled file, for instance `cli/main.js`. @public */
export function builtFile(path: string): string {
  buildMessages ??= build();
  if (buildMessages !== '') throw new Error(`the program does not build:\n${buildMessages}`);
  return `${root}dist/${path}`;
}

/** What a run of the program printed, and its exit code. */
export interface ProgramRun {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `deepl-ops` with these arguments to its end. */
export function runProgram(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ProgramRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('cli/main.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEEPL_OPS_LOG: '', ...environment },
  });
  return { exit: status, stdout, stderr };
}

/** Builds if sources changed; empty if that went well, otherwise what the build said. */
function build(): string {
  const { status, stderr } = spawnSync(process.execPath, [`${root}scripts/build.mjs`], { encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}
