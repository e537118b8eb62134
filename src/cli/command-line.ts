/** Runs one command line: parses it with yargs, hands the command its context, and turns errors into exit codes. */
import yargs, { type Argv } from 'yargs';
import { codeVersion } from './code-version.ts';
import { type Command, type CommandContext, commandName, type Flags } from './command.ts';
import { asDeeplOpsError, formatError } from './error-report.ts';
import { createLogger } from './logger.ts';
import { Output, type TextSink } from './output.ts';
import { Progress } from './progress.ts';
import { StopSignal } from './stop-signal.ts';
import { TerminalBlock } from './terminal-block.ts';
import { checkKnown, checkValues, translateComplaint, type Usage, unknownCommand } from './usage-check.ts';

type Values = Readonly<Record<string, unknown>>;

const globalFlags: Flags = {
  json: { type: 'boolean', describe: 'Print one JSON document on stdout' },
  seed: { type: 'number', integer: true, minimum: 0, describe: 'Seed of everything random' },
  verbose: { type: 'boolean', describe: 'Log what happens on stderr' },
};

/** What a command line touches of its process; `process` itself, or a test's own. */
export interface Surroundings {
  readonly stdout: TextSink;
  readonly stderr: ErrorSink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where messages and progress go; a terminal has a size, and tells when it changes. */
interface ErrorSink extends TextSink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  getWindowSize?(): [number, number];
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** Runs the command the arguments name and returns the exit code; every message has been printed by then. */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings = process,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const output = new Output(stdout, args.includes('--json'));
  try {
    const chosen = await parse(args[0] === 'help' ? [...args.slice(1), '--help'] : args, commands);
    if ('help' in chosen) stdout.write(chosen.help);
    return 'command' in chosen ? await runCommand(chosen, output, surroundings) : 0;
  } catch (thrown) {
    const error = asDeeplOpsError(thrown);
    output.failure(error);
    stderr.write(formatError(error));
    if (error.code === 'INTERNAL' && args.includes('--verbose')) stderr.write(`${stackOf(thrown)}\n`);
    return error.exitCode;
  }
}

/** The command to run with its values, or the help text to print instead. */
type Choice = CommandChoice | { readonly help: string };
type CommandChoice = { readonly command: Command; readonly values: Values };

async function parse(args: readonly string[], commands: readonly Command[]): Promise<Choice> {
  const shown = commands.filter(({ hidden }) => !hidden).map(commandName);
  const [first] = args;
  const named = commands.find((command) => commandName(command) === first);
  if (first !== undefined && !first.startsWith('-') && !named) throw unknownCommand(first, shown);

  let choice: Choice | undefined;
  let printed = '';
  const parser = createParser(commands, (command, values) => {
    choice = { command, values };
  });
  // With a callback yargs hands over help and version text instead of printing it.
  const keepText = (_error: unknown, _values: unknown, text: string) => {
    printed = text;
  };
  let rest: { readonly _: readonly unknown[] };
  try {
    rest = await parser.parseAsync(args, {}, keepText);
  } catch (complaint) {
    throw translateComplaint(complaint, usageOf(named));
  }
  if (choice) return choice;
  if (printed) return { help: `${printed}\n` };
  if (rest._.length > 0) throw unknownCommand(String(rest._[0]), shown);
  checkKnown(rest, { flags: globalFlags, positionals: {}, help: usageOf(undefined).help });
  return { help: `${await parser.getHelp()}\n` };
}

function createParser(commands: readonly Command[], choose: (command: Command, values: Values) => void): Argv {
  const parser = yargs()
    .scriptName('deepl-ops')
    .usage('$0 <command>\n\nTwo agents learn against each other on a simulated production system.')
    .locale('en')
    .parserConfiguration({ 'strip-dashed': true, 'dot-notation': false, 'parse-positional-numbers': false })
    .options(needingValues(globalFlags))
    .group([...Object.keys(globalFlags), 'help', 'version'], 'Every command:')
    .version(codeVersion())
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail(false);
  for (const command of commands) {
    parser.command({
      command: command.usage,
      describe: command.hidden ? false : command.summary,
      builder: (own) => declare(own, command),
      handler: (values) => choose(command, values),
    });
  }
  return parser;
}

function declare(parser: Argv, { usage, summary, positionals, options, examples }: Command): Argv {
  parser.usage(`$0 ${usage}\n\n${summary}`).options(needingValues(options));
  for (const [name, positional] of Object.entries(positionals)) parser.positional(name, positional);
  return parser.example(examples.map(([command, description]) => [command, description]));
}

/** A flag that is not a switch takes a value; yargs alone would let `--out --json` pass. */
function needingValues(flags: Flags): Flags {
  const entries = Object.entries(flags);
  return Object.fromEntries(entries.map(([name, flag]) => [name, { ...flag, requiresArg: flag.type !== 'boolean' }]));
}

async function runCommand({ command, values }: CommandChoice, output: Output, surroundings: Surroundings) {
  const { help } = usageOf(command);
  const flags = { ...globalFlags, ...command.options };
  checkKnown(values, { flags, positionals: command.positionals, help });
  checkValues(values, flags, help);
  const { context, dispose } = createContext(values, output, surroundings);
  try {
    return (await command.run(values, context)) ?? 0;
  } finally {
    dispose();
  }
}

function createContext(values: Values, output: Output, { stderr, env }: Surroundings) {
  const { seed, verbose } = values as { seed?: number; verbose?: boolean };
  const bars: Progress[] = [];
  let block: TerminalBlock | undefined;
  let stop: StopSignal | undefined;
  const endDrawing = () => {
    for (const bar of bars) bar.close();
    block?.finish();
  };
  output.beforeText(endDrawing);
  const context: CommandContext = {
    output,
    log: createLogger({ verbose: verbose === true, level: env.DEEPL_OPS_LOG }),
    seed,
    progress: (label, total) => {
      endDrawing();
      const bar = new Progress(label, total, { sink: stderr, now: () => performance.now() });
      bars.push(bar);
      return (done, note) => bar.update(done, note);
    },
    block: () => {
      if (stderr.isTTY !== true) return undefined;
      endDrawing();
      block ??= openBlock(stderr);
      return block;
    },
    stopSignal: () => {
      const above = { write: (text: string) => (block === undefined ? stderr.write(text) : block.print(text)) };
      stop ??= new StopSignal(above, process);
      return stop.signal;
    },
  };
  const dispose = () => {
    endDrawing();
    if (block !== undefined) stderr.off?.('resize', block.resize);
    stop?.dispose();
  };
  return { context, dispose };
}

function openBlock(stderr: ErrorSink): TerminalBlock {
  const size = () => {
    // The stream's own fields follow a change only when the event loop turns, and training keeps it busy.
    const [columns = 80, rows = 24] = stderr.getWindowSize?.() ?? [stderr.columns, stderr.rows];
    return { columns, rows };
  };
  const block = new TerminalBlock({ sink: stderr, size, now: () => performance.now() });
  stderr.on?.('resize', block.resize);
  return block;
}

/** How a command (or the program) is called, and which command line explains it. */
function usageOf(command: Command | undefined): Usage {
  const name = command ? `deepl-ops ${commandName(command)}` : 'deepl-ops';
  return { usage: `deepl-ops ${command?.usage ?? '<command>'}`, help: `${name} --help` };
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
