/** `export --as`: what chaos did, in the words of tools that do such things to real clusters. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, writeWholeFile } from '../base/index.ts';
import {
  isRecordingFile,
  type PastAction,
  type Recording,
  type RunHistory,
  readRecording,
  recordedFaults,
  runHistory,
} from '../replay/index.ts';
import {
  chaosJournal,
  type ExportReport,
  exportChaosMesh,
  faultArguments,
  type JournalAction,
  type MeshNames,
  readScenario,
  type Scenario,
  type ScriptedFault,
  USUAL_NAMES,
} from '../scenario/index.ts';
import type { CommandContext } from './command.ts';
import { pause } from './play.ts';
import { findFile, namedScenarios } from './shipped-file.ts';

type ExportFormat = 'chaos-mesh' | 'chaos-toolkit';

interface TextFlag {
  readonly type: 'string';
  readonly describe: string;
}

/** Flags that go with `--as`. */
interface ExportAsFlags {
  readonly as: TextFlag & { readonly choices: readonly ExportFormat[] };
  readonly namespace: TextFlag;
  readonly label: TextFlag;
  readonly port: {
    readonly type: 'number';
    readonly integer: true;
    readonly minimum: number;
    readonly maximum: number;
    readonly describe: string;
  };
  readonly 'volume-path': TextFlag;
}

const usual = (what: string, value: string | number) => `With chaos-mesh: ${what} (default ${value})`;

export const exportAsFlags: ExportAsFlags = {
  as: {
    type: 'string',
    choices: ['chaos-mesh', 'chaos-toolkit'],
    describe: 'Instead of an agent: the faults of a recording or a scenario, for this tool',
  },
  namespace: { type: 'string', describe: usual('namespace of the services', USUAL_NAMES.namespace) },
  label: { type: 'string', describe: usual("label whose value is a service's name", USUAL_NAMES.label) },
  port: {
    type: 'number',
    integer: true,
    minimum: 1,
    maximum: 65_535,
    describe: usual('port of the services', USUAL_NAMES.port),
  },
  'volume-path': { type: 'string', describe: usual('where stores mount their data', USUAL_NAMES.volumePath) },
};

/** What to export, where to, and how the real cluster names things. */
export interface ExportAsOptions {
  readonly as: ExportFormat;
  /** A recording, a scenario file or the name of a shipped scenario. */
  readonly reference: string;
  readonly out: string;
  readonly namespace: string | undefined;
  readonly label: string | undefined;
  readonly port: number | undefined;
  readonly volumePath: string | undefined;
}

/** Writes the export and prints what it could not say. */
export async function exportAs(options: ExportAsOptions, context: CommandContext): Promise<void> {
  const file = findFile(options.reference, namedScenarios());
  const recording = isRecordingFile(file) ? await readRecording(file) : undefined;
  if (options.as === 'chaos-mesh') return exportMesh(recording, file, options, context);
  if (recording === undefined) {
    throw new DeeplOpsError('USAGE', 'a journal is of a run: give a recording', {
      hint: 'Record one with `deepl-ops run --record FILE`, or `deepl-ops replay SCENARIO --record FILE`.',
    });
  }
  return await exportJournal(recording, options, context);
}

function exportMesh(
  recording: Recording | undefined,
  file: string,
  { out, namespace, label, port, volumePath }: ExportAsOptions,
  { output }: CommandContext,
): void {
  const { scenario, script, origin } =
    recording === undefined ? ofScenario(readScenario(file)) : ofRecording(recording);
  const names: Partial<MeshNames> = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(label === undefined ? {} : { label }),
    ...(port === undefined ? {} : { port }),
    ...(volumePath === undefined ? {} : { volumePath }),
  };
  const { workflow, objects, report } = exportChaosMesh({ scenario, script, name: scenario.name, origin, names });
  const files = isFolder(out)
    ? objects.map(({ name, text }) => ({ path: join(out, name), text }))
    : [{ path: out, text: workflow }];
  for (const { path, text } of files) writeWholeFile(path, text);
  const paths = files.map(({ path }) => path);
  output.result({ files: paths, report }, () => [...paths, ...reportLines(report)].join('\n'));
}

/** A folder gets an object a fault, a file one Workflow. */
function isFolder(out: string): boolean {
  return out.endsWith('/') || (existsSync(out) && statSync(out).isDirectory());
}

interface Source {
  readonly scenario: Scenario;
  readonly script: readonly ScriptedFault[];
  readonly origin: string;
}

function ofScenario(scenario: Scenario): Source {
  return { scenario, script: scenario.script, origin: `the fault script of ${scenario.name}` };
}

function ofRecording(recording: Recording): Source {
  const { scenario, agents, seed } = recording.header;
  const origin = `a recording of ${scenario.name}, seed ${seed}, in which ${agents.chaos} broke`;
  return { scenario, script: recordedFaults(recording), origin };
}

function reportLines({ exported, approximated, notExported }: ExportReport): string[] {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    ...list('Faults', exported),
    ...list('Not quite the faults', approximated),
    ...list('Not exported, for want of a counterpart', notExported),
  ];
}

/** Runs the recording again, since it holds choices and not when faults and repairs were over. */
async function exportJournal(
  recording: Recording,
  { out }: ExportAsOptions,
  { output, progress, stopSignal }: CommandContext,
): Promise<void> {
  const signal = stopSignal();
  const show = progress('running again', recording.steps.length);
  const run = runHistory(recording);
  for (;;) {
    const next = await run.next();
    if (!next.done) {
      show(next.value.step);
      await pause(signal);
      continue;
    }
    writeWholeFile(out, `${JSON.stringify(journalOf(recording, next.value), null, 2)}\n`);
    const { actions } = next.value;
    const faults = actions.filter(({ sort }) => sort === 'fault').length;
    const counts = `${faults} faults and ${actions.length - faults} repairs`;
    output.result({ file: out, faults, repairs: actions.length - faults }, `${out}: a journal of ${counts}`);
    return;
  }
}

function journalOf(recording: Recording, history: RunHistory): object {
  const { header, end } = recording;
  const { scenario, wallClock, codeVersion, nodeVersion, engine, seed, agents } = header;
  const begunAt = Date.parse(wallClock.startedAt) || 0;
  const faults = recordedFaults(recording);
  return chaosJournal({
    scenario,
    actions: history.actions.map((action) => journalAction(action, faults, history.endSeconds)),
    before: history.before,
    after: history.after,
    endSeconds: history.endSeconds,
    isComplete: end !== null,
    extension: { codeVersion, nodeVersion, engine, seed, agents, verdict: end?.verdict ?? null },
    dateAt: (seconds) => new Date(begunAt + 1000 * seconds).toISOString(),
  });
}

const OUTCOMES: Readonly<Record<PastAction['outcome'], string>> = {
  open: 'in force at the end',
  skipped: 'skipped: it would have done what no repair can undo, or nothing',
  cured: 'undone by repairs',
  over: 'over by itself',
  succeeded: 'succeeded',
  failed: 'failed: what it needs was not there, or it had no luck',
};

function journalAction(past: PastAction, faults: readonly ScriptedFault[], endSeconds: number): JournalAction {
  const { sort, verb, component, startSeconds, outcome } = past;
  const scripted = faults.find(
    (fault) =>
      `${fault.fault}.${fault.severity}` === verb && fault.target === component && fault.startSeconds === startSeconds,
  );
  return {
    sort,
    name: `${verb} on ${component}`,
    arguments: sort === 'fault' && scripted ? faultArguments(scripted) : { verb, target: component },
    startSeconds,
    endSeconds: past.endSeconds ?? endSeconds,
    succeeded: outcome !== 'skipped' && outcome !== 'failed',
    output: OUTCOMES[outcome],
  };
}
