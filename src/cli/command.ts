/**
 * What a command is. To add one: write `commands/<name>.ts` and name it in `commands/index.ts`.
 *
 *     export const speedCommand: Command = defineCommand({
 *       usage: 'speed [part]',                               // yargs usage; `<a>` required, `[a]` optional, `<a..>` several
 *       summary: 'Measure speed on this machine',
 *       positionals: { part: { type: 'string', describe: 'Measure only this part' } },
 *       options: { 'time-limit': { type: 'number', minimum: 1, describe: 'Seconds per part' } },
 *       examples: [['deepl-ops speed --time-limit 5', 'A quick look']],
 *       run: async ({ part, timeLimit }, { output, progress, stopSignal }) => {
 *         const rows = await measure({ part, timeLimit, signal: stopSignal(), onStep: progress('measuring', 10) });
 *         output.result({ rows }, () => formatRows(rows));   // once: the document with --json, the text otherwise
 *       },
 *     });
 *
 * A command parses, calls, prints; the work lives in the other folders. `--json`, `--seed`, `--verbose`, `--help` and
 * wrong flags are dealt with for it. Mistakes of the user are thrown as `DeeplOpsError`; a command whose work ran and
 * failed throws one with exit code 1, or returns 1 after printing its result.
 */
import type { Logger } from 'pino';
import type { InferredOptionType, Options, PositionalOptions } from 'yargs';
import type { Output } from './output.ts';
import type { ProgressUpdate } from './progress.ts';
import type { TerminalBlock } from './terminal-block.ts';

/** A yargs option, and bounds that are checked for numbers. */
type Flag = Options & { readonly minimum?: number; readonly maximum?: number; readonly integer?: boolean };
export type Flags = Readonly<Record<string, Flag>>;
export type Positionals = Readonly<Record<string, PositionalOptions>>;

/** What every command is handed besides its own values. */
export interface CommandContext {
  readonly output: Output;
  readonly log: Logger;
  /** The number given with --seed; a command that draws a seed of its own prints it. */
  readonly seed: number | undefined;
  /** Shows progress until the command ends: a bar on a terminal, a plain line now and then elsewhere. */
  progress(label: string, total: number): ProgressUpdate;
  /** A block of lines that is redrawn in place, on a terminal; undefined elsewhere. */
  block(): TerminalBlock | undefined;
  /** Asks for a clean end by Ctrl-C: without this call, Ctrl-C ends the program at once. */
  stopSignal(): AbortSignal;
}

/** Exit code, 0 if nothing is returned. */
type CommandResult = Promise<number | undefined> | Promise<void>;

/** A command as the command line sees it. */
export interface Command {
  readonly usage: string;
  readonly summary: string;
  readonly hidden: boolean;
  readonly examples: readonly (readonly [string, string])[];
  readonly positionals: Positionals;
  readonly options: Flags;
  run(values: Readonly<Record<string, unknown>>, context: CommandContext): CommandResult;
}

/** A command as it is written: `run` receives its flags in camelCase, typed by their declaration. */
export interface CommandDefinition<P extends Positionals, F extends Flags> {
  readonly usage: string;
  readonly summary: string;
  readonly hidden?: boolean;
  readonly examples: readonly (readonly [string, string])[];
  readonly positionals?: P;
  readonly options?: F;
  run(values: CommandValues<P> & CommandValues<F>, context: CommandContext): CommandResult;
}

/** The values of declared flags, under their camelCase names. */
type CommandValues<T extends Positionals | Flags> = {
  readonly [K in keyof T & string as CamelCase<K>]: InferredOptionType<T[K]>;
};

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** Makes a command of its definition; from here on the types of its values are known only to its own `run`. */
// biome-ignore lint/complexity/noBannedTypes: {} is the type of "no flags declared"
export function defineCommand<const P extends Positionals = {}, const F extends Flags = {}>(
  definition: CommandDefinition<P, F>,
): Command {
  return {
    usage: definition.usage,
    summary: definition.summary,
    hidden: definition.hidden ?? false,
    examples: definition.examples,
    positionals: definition.positionals ?? {},
    options: definition.options ?? {},
    run: (values, context) => definition.run(values as CommandValues<P> & CommandValues<F>, context),
  };
}

/** The command's name: the first word of its usage. */
export function commandName({ usage }: Command): string {
  return usage.split(' ', 1).join('');
}
