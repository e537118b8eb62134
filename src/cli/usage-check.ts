/** Checks of what the command line says, with the nearest known name as a hint; yargs' own wordings are replaced. */
import { DeeplOpsError, nearestName } from '../base/index.ts';
import type { Flags, Positionals } from './command.ts';

type Values = Readonly<Record<string, unknown>>;

/** How a command is called, and the command line that shows its help. */
export interface Usage {
  readonly usage: string;
  readonly help: string;
}

/** What a command declares. */
interface Declared {
  readonly flags: Flags;
  readonly positionals: Positionals;
  readonly help: string;
}

/** The error for a command that does not exist. */
export function unknownCommand(name: string, names: readonly string[]): DeeplOpsError {
  const guess = nearestName(name, names);
  const hint = guess ? `Did you mean \`deepl-ops ${guess}\`?` : `The commands are ${names.join(', ')}.`;
  return new DeeplOpsError('USAGE', `there is no command "${name}"`, { hint });
}

/** Throws USAGE for a flag or an argument that nobody declared. */
export function checkKnown(values: Values, { flags, positionals, help }: Declared): void {
  const known = new Set(
    ['_', '$0', 'help', 'version', ...Object.keys(flags), ...Object.keys(positionals)].map(camelCase),
  );
  for (const key of Object.keys(values)) {
    if (known.has(key)) continue;
    const name = kebabCase(key);
    const guess = nearestName(name, Object.keys(flags));
    const hint = `${guess ? `Did you mean --${guess}? ` : ''}\`${help}\` shows all flags.`;
    throw new DeeplOpsError('USAGE', `there is no flag ${name.length === 1 ? '-' : '--'}${name} here`, { hint });
  }
  const extra = Array.isArray(values._) ? values._[1] : undefined;
  if (extra === undefined) return;
  throw new DeeplOpsError('USAGE', `"${extra}" is one argument too many`, { hint: `\`${help}\` shows the usage.` });
}

/** Throws USAGE for a flag given twice, without a value, or outside its bounds. */
export function checkValues(values: Values, flags: Flags, help: string): void {
  for (const [name, flag] of Object.entries(flags)) {
    const value = values[camelCase(name)];
    const problem = value === undefined ? undefined : problemOf(value, flag);
    if (problem) throw new DeeplOpsError('USAGE', `--${name} ${problem}`, { hint: `\`${help}\` explains the flags.` });
  }
}

function problemOf(value: unknown, flag: Flags[string]): string | undefined {
  if (Array.isArray(value) && !flag.array) return 'is given more than once';
  const each: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (each.length === 0 || each.includes('')) return 'needs a value';
  return flag.type === 'number' ? each.map((number) => numberProblem(Number(number), flag)).find(Boolean) : undefined;
}

function numberProblem(value: number, { minimum, maximum, integer }: Flags[string]): string | undefined {
  if (!Number.isFinite(value)) return 'needs a number';
  if (integer && !Number.isSafeInteger(value)) return `needs a whole number, not ${value}`;
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}, not ${value}`;
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}, not ${value}`;
  return undefined;
}

/** What yargs threw, in our words. */
export function translateComplaint(thrown: unknown, { usage, help }: Usage): DeeplOpsError {
  const complaint = thrown instanceof Error ? thrown.message : String(thrown);
  const hint = `Usage: ${usage}. \`${help}\` explains it.`;
  const choice = /Argument: (\S+), Given: (.*), Choices: (.*)/.exec(complaint);
  if (choice) {
    const [, name = '', given = '', choices = ''] = choice;
    return new DeeplOpsError('USAGE', `${name} cannot be ${given}`, { hint: `It is one of ${choices}. ${hint}` });
  }
  const missing = /^Missing required arguments?: (.*)/.exec(complaint)?.[1];
  if (missing) return new DeeplOpsError('USAGE', `missing --${missing.replaceAll(', ', ', --')}`, { hint });
  if (/^Not enough non-option arguments/.test(complaint)) {
    return new DeeplOpsError('USAGE', 'something is missing after the command', { hint });
  }
  const valueless = /^Not enough arguments following: (.*)/.exec(complaint)?.[1];
  if (valueless) return new DeeplOpsError('USAGE', `--${valueless} needs a value`, { hint });
  return new DeeplOpsError('USAGE', complaint.replace(/\s*\n\s*/g, ' '), { hint });
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
