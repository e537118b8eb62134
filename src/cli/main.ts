#!/usr/bin/env node
/** The program: hands the command line over and leaves with its exit code (0 done, 1 work failed, 2 wrong use). */
import { runCommandLine } from './command-line.ts';
import { commands } from './commands/index.ts';

// `deepl-ops list | head` closes our output early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCommandLine(process.argv.slice(2), commands);
