/** `train --dry-run`: what would be trained, how long it would take and what it would need; nothing is written. */
import { changedSettings, createTask, probeTraining, type TrainSettings } from '../learn/index.ts';
import type { CommandContext } from './command.ts';
import type { PreparedRun } from './prepare-run.ts';
import { threadsText } from './session-facts.ts';
import { backendNote } from './train-backend.ts';

const PROBE_SECONDS = 2;
const KIB_PER_MIB = 1024;
const BYTES_PER_MIB = 2 ** 20;

/** What the plan depends on beside the run itself. */
export interface PlanOptions {
  readonly minutes: number | undefined;
  readonly workers: number;
  readonly context: CommandContext;
}

/** Works the plan out, tries the run out for some seconds, and prints what was found. */
export async function showPlan(run: PreparedRun, { minutes, workers, context }: PlanOptions): Promise<void> {
  const plan = { ...planOf(run), minutesMax: minutes ?? null, workers };
  const { task, settings, backend, agents } = run;
  context.output.line(`Trying it out for ${PROBE_SECONDS} seconds ...`);
  const clockSeconds = (): number => performance.now() / 1000;
  const probe = await probeTraining({ task, settings, agents, workers, backend, seconds: PROBE_SECONDS, clockSeconds });
  const { decisionsPerSecond, bytesMore } = probe;
  const estimate = {
    decisionsPerSecond: Math.round(decisionsPerSecond),
    minutes: Number(((plan.steps.left * plan.roles.length) / decisionsPerSecond / 60).toFixed(1)),
    memoryMib: Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB + bytesMore / BYTES_PER_MIB),
  };
  context.output.result({ dryRun: true, ...plan, settings, estimate }, () =>
    planText({ ...plan, estimate, note: backendNote(backend) }),
  );
}

type Plan = ReturnType<typeof planOf>;

function planOf({ path, settings, task: description, about, files, isNew, done }: PreparedRun) {
  const task = createTask(description);
  const { environments, rolloutSteps, schedule, evaluation } = settings;
  const scenarios = (about.scenarios as readonly string[]).map((name, index) => ({
    name,
    components: countKinds(task.topologyOf(index).components),
  }));
  const iterations = Math.ceil(settings.steps / (environments * rolloutSteps));
  const every = evaluation.everyIterations ?? 0;
  return {
    folder: path,
    isNew,
    seed: settings.seed,
    backend: settings.backend,
    engine: about.engine,
    scenarios,
    roles: task.roles,
    turns: schedule.roles ?? task.turns,
    iterations: { all: iterations, done: done.iteration },
    steps: { all: iterations * environments * rolloutSteps, left: Math.max(0, settings.steps - done.steps) },
    evaluations: every > 0 ? Math.ceil(iterations / every) : 0,
    changed: changedSettings(settings),
    files: [...files, ...filesOfTraining(task.roles, settings)],
  };
}

/** What a run writes on its way. */
function filesOfTraining(roles: readonly string[], { league }: TrainSettings): string[] {
  return [
    ...['sessions.jsonl', 'metrics.jsonl', 'metrics.csv', 'tensorboard/', 'checkpoint/'],
    ...(league.shares.archive > 0 ? ['archive.json', 'archive/'] : []),
    ...roles.flatMap((role) => [`agents/${role}/`, `agents/${role}-last/`]),
  ];
}

function countKinds(components: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of components) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

interface ShownPlan extends Plan {
  readonly minutesMax: number | null;
  readonly workers: number;
  readonly note: string;
  readonly estimate: { readonly decisionsPerSecond: number; readonly minutes: number; readonly memoryMib: number };
}

function planText(plan: ShownPlan): string {
  const { iterations, steps, estimate, roles } = plan;
  const number = (value: number): string => value.toLocaleString('en');
  const goes = plan.isNew ? 'Would train in' : `Would go on after iteration ${number(iterations.done)} in`;
  const stop = plan.minutesMax === null ? '' : `, stopped after ${plan.minutesMax} minutes`;
  const rows: [string, string][] = [
    ...plan.scenarios.map(({ name, components }): [string, string] => [
      'scenario',
      `${name}: ${kindsText(components)}`,
    ]),
    ['roles', `${plan.turns.join(' and ')} learn in turns`],
    ['length', `${number(steps.all)} decisions of the learning roles in ${number(iterations.all)} iterations${stop}`],
    ['all roles', `${number(steps.all * roles.length)} decisions`],
    ['evaluations', plan.evaluations === 0 ? 'none' : number(plan.evaluations)],
    ...plan.changed.map(({ key, value, usual }): [string, string] => [
      'setting',
      `${key} ${text(value)} (default ${text(usual)})`,
    ]),
    ['time', `about ${estimate.minutes} minutes at ${number(estimate.decisionsPerSecond)} decisions/s as tried out`],
    ['memory', `about ${number(estimate.memoryMib)} MiB`],
    ['files', plan.files.join(', ')],
  ];
  return [
    `${goes} ${plan.folder} with seed ${plan.seed} on ${threadsText(plan.workers)}${plan.note}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`),
    'Nothing was written.',
  ].join('\n');
}

function kindsText(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${total} components (${kinds.join(', ')})`;
}

function text(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
