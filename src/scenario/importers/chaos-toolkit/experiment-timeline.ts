/** Walks through an experiment's activities: what begins when, what ends it, and what is only noted. */
import { nearestName } from '../../../base/index.ts';
import type { DocumentPart } from '../checked-part.ts';
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { FaultDraft, FaultTimeline, PlacedFault } from '../fault-script/fault-draft.ts';
import { unreadFields } from '../unread-fields.ts';
import type { ActionEffect } from './driver-action.ts';
import { driverActions } from './drivers.ts';
import { type Activity, type Experiment, experimentSchema } from './experiment-schema.ts';

/** A fault that has begun; it may end by itself. */
interface OpenFault {
  readonly draft: FaultDraft;
  readonly source: string;
  readonly startSeconds: number;
  readonly ownSeconds: number | null;
}

/** What is undone at once was there for a moment. */
const MOMENT_SECONDS = 1;
/** Most steps of an experiment. */
export const ACTIVITIES_MAX = 10_000;

/** An experiment that begins at a time. */
interface Occasion {
  readonly experiment: Experiment;
  readonly part: DocumentPart;
  readonly base: BaseSystem;
  readonly startSeconds: number;
}

/** What the experiment does, and when its method is over. */
export function walkExperiment(occasion: Occasion): FaultTimeline & { readonly endSeconds: number } {
  const walk = new Walk(occasion);
  return { ...walk.through(), endSeconds: walk.now };
}

class Walk {
  now: number;
  readonly #occasion: Occasion;
  readonly #open = new Map<string, OpenFault[]>();
  readonly #faults: PlacedFault[] = [];
  readonly #refused: string[] = [];

  constructor(occasion: Occasion) {
    this.#occasion = occasion;
    this.now = occasion.startSeconds;
  }

  through(): FaultTimeline {
    const { experiment, part } = this.#occasion;
    const { file, line } = part.source.locate(part.path);
    for (const reason of unreadFields([experimentSchema], part))
      this.#note(`experiment ${experiment.title.slice(0, 80)} (${file}:${line})`, reason);
    const hypothesis = experiment['steady-state-hypothesis'];
    if (hypothesis)
      this.#note(
        `steady state ${(hypothesis.title ?? '').slice(0, 80)}`,
        'the simulated system has objectives of its own',
      );
    for (const [index, activity] of experiment.method.entries()) this.#step(activity, ['method', index]);
    this.#rollbacks(experiment);
    for (const faults of this.#open.values()) for (const fault of faults) this.#close(fault, null);
    return { faults: this.#faults, refused: this.#refused };
  }

  #step(written: Activity, path: readonly (string | number)[]): void {
    const activity = this.#resolved(written);
    const source = this.#source(activity, path);
    this.now += activity.pauses?.before ?? 0;
    const provider = activity.provider;
    if (activity.type === 'probe') this.#note(source, 'probes are not run');
    else if (provider?.type === 'process' && isSleep(provider.path))
      // Nobody waits for what runs in the background.
      this.now += activity.background ? 0 : sleepSeconds(provider.arguments);
    else this.#act(activity, path, source);
    this.now += activity.pauses?.after ?? 0;
  }

  #act(activity: Activity, path: readonly (string | number)[], source: string): void {
    const effect = this.#effectOf(activity, path, source);
    switch (effect.kind) {
      case 'nothing':
        this.#note(source, effect.reason);
        return;
      case 'ends':
        if (!this.#end(effect.keys)) this.#note(source, 'it ends nothing that has begun');
        return;
      case 'starts': {
        const { experiment, key, seconds } = effect;
        for (const reason of experiment.refused) this.#note(source, reason);
        const faults = experiment.drafts.map((draft) => {
          return { draft, source, startSeconds: this.now, ownSeconds: draft.ownSeconds ?? seconds ?? null };
        });
        const name = key ?? `${path.join('.')}/`;
        this.#end(name);
        this.#open.set(name, faults);
        return;
      }
    }
  }

  #rollbacks({ rollbacks, runtime }: Experiment): void {
    const activities = [...(rollbacks ?? []).entries()];
    if (activities.length > 0 && runtime?.rollbacks?.strategy === 'never')
      this.#note('rollbacks', 'they are not run, since their strategy is never');
    else for (const [index, activity] of activities) this.#rollback(activity, ['rollbacks', index]);
  }

  /** At the end of the method; only what ends faults has a meaning then. */
  #rollback(written: Activity, path: readonly (string | number)[]): void {
    const activity = this.#resolved(written);
    const source = this.#source(activity, path);
    this.now += activity.pauses?.before ?? 0;
    const effect = this.#effectOf(activity, path, source);
    const ends = effect.kind === 'ends' && this.#end(effect.keys);
    if (!ends) this.#note(source, 'a rollback that ends none of the faults is not run');
    this.now += activity.pauses?.after ?? 0;
  }

  #effectOf({ provider }: Activity, path: readonly (string | number)[], subject: string): ActionEffect {
    if (!provider) return { kind: 'nothing', reason: 'it has no provider' };
    if (provider.type !== 'python') {
      const what = provider.path ?? provider.url ?? '';
      return { kind: 'nothing', reason: `what ${provider.type} ${what.slice(0, 80)} does is not known` };
    }
    const { module = '', func = '' } = provider;
    const action = driverActions.find((each) => each.module === module && each.func === func);
    if (action === undefined) return { kind: 'nothing', reason: strangerReason(module ?? '', func ?? '') };
    const { part, base } = this.#occasion;
    const place = [...part.path, ...path, 'provider', 'arguments'];
    const given = { base, subject, part: { value: provider.arguments ?? {}, path: place, source: part.source } };
    const effect = action.read(given);
    for (const reason of action.unread?.(given) ?? []) this.#note(subject, reason);
    return effect;
  }

  /** The activity itself, or the one of the name that it refers to. */
  #resolved(activity: Activity): Activity {
    if (!activity.ref) return activity;
    const { experiment } = this.#occasion;
    const all = [
      ...(experiment['steady-state-hypothesis']?.probes ?? []),
      ...experiment.method,
      ...(experiment.rollbacks ?? []),
    ];
    const found = all.find(({ name, ref }) => name === activity.ref && !ref);
    return found ?? { name: activity.ref };
  }

  #end(keys: string): boolean {
    let found = false;
    for (const [key, faults] of this.#open) {
      if (!key.startsWith(keys)) continue;
      for (const fault of faults) this.#close(fault, this.now);
      this.#open.delete(key);
      found = true;
    }
    return found;
  }

  #close({ draft, source, startSeconds, ownSeconds }: OpenFault, atSeconds: number | null): void {
    const until = atSeconds === null ? Infinity : Math.max(MOMENT_SECONDS, atSeconds - startSeconds);
    const lasts = Math.min(ownSeconds ?? Infinity, until);
    this.#faults.push({ ...draft, source, startSeconds, durationSeconds: Number.isFinite(lasts) ? lasts : null });
  }

  #note(source: string, reason: string): void {
    this.#refused.push(`${source}: ${reason}`);
  }

  #source({ type, name }: Activity, path: readonly (string | number)[]): string {
    const { part } = this.#occasion;
    const { file, line } = part.source.locate([...part.path, ...path]);
    return `${type ?? 'activity'} ${(name ?? '').slice(0, 80)} (${file}:${line})`;
  }
}

function strangerReason(module: string, func: string): string {
  const nearest = nearestName(
    func,
    driverActions.flatMap((each) => (each.module === module ? [each.func] : [])),
  );
  const hint = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`;
  return `${`${module}.${func}`.slice(0, 120)} has no counterpart${hint}`;
}

function isSleep(path: string | null | undefined): boolean {
  return path === 'sleep' || path?.endsWith('/sleep') === true;
}

/** `sleep 30`, `sleep 2m`. */
function sleepSeconds(written: unknown): number {
  const text = Array.isArray(written) ? String(written[0]) : String(written);
  const [, number, unit = 's'] = /^\s*(\d{1,7}(?:\.\d{1,6})?)([smh]?)\s*$/.exec(text) ?? [];
  const size = unit === 'h' ? 3600 : 60;
  return number === undefined ? 0 : Number(number) * (unit === 'm' || unit === 'h' ? size : 1);
}
