/**
 * The runbook: what a sensible on-call engineer does by the book. It looks for the cause below a symptom, waits for what
 * heals by itself, gives a repair time to work, and goes on to the next one when it did not.
 */

import { assert } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import { decodeChoice, NO_OP } from '../contract/index.ts';
import { DependencyClosure } from './dependency-closure.ts';
import { ObservationReader } from './observation-reader.ts';
import { type RunbookEntry, runbookEntries } from './runbook-entries.ts';

/** A repair that ended within about 45 s has not shown yet what it did (the feature falls from 1 to 0 in 5 minutes). */
const RECENCY_SETTLED = 0.85;
/** One that failed may be tried again after about 15 s. */
const RECENCY_FAILED_SETTLED = 0.95;
/** Decisions without a symptom, or with content users, after which past attempts count as having worked and are forgotten. */
const HEALTHY_DECISIONS = 12;

/** A policy that follows `entries`. */
export function createRunbookPolicy(entries: readonly RunbookEntry[] = runbookEntries): Policy {
  let engineer: Engineer | undefined;
  return {
    name: 'runbook',
    reset(context: PolicyContext): void {
      engineer = new Engineer(context, entries);
    },
    act(observation: Observation): number {
      assert(engineer !== undefined, 'act before reset');
      return engineer.act(observation);
    },
    overruled(played: number): void {
      assert(engineer !== undefined, 'overruled before reset');
      engineer.overruled(played);
    },
  };
}

/** A page with its names looked up. */
interface Page {
  readonly entry: RunbookEntry;
  readonly symptoms: readonly { readonly column: number; readonly above: number; readonly below: number }[];
  readonly repairs: readonly { readonly verb: number; readonly target: string }[];
}

/** Something to be repaired. */
interface Case {
  readonly component: number;
  readonly page: Page;
  readonly rank: number;
}

class Engineer {
  readonly #context: PolicyContext;
  readonly #reader: ObservationReader;
  readonly #pages: readonly Page[];
  readonly #below: DependencyClosure;
  readonly #columns: Record<'missing' | 'depth' | 'inProgress' | 'recency' | 'failed', number>;
  readonly #doorColumns: readonly number[];
  /** Decisions in a row each page's symptoms have been there: components x pages. */
  readonly #lasting: Int32Array;
  readonly #healthy: Int32Array;
  /** Decisions in a row users have got what they want. */
  #contentDecisions = 0;
  /** Per component, how often each verb was tried for it. */
  readonly #tries: readonly Map<number, number>[];
  /** What the last decision tried. */
  #lastTry: { readonly component: number; readonly verb: number } | undefined;

  constructor(context: PolicyContext, entries: readonly RunbookEntry[]) {
    const reader = new ObservationReader(context);
    this.#context = context;
    this.#reader = reader;
    this.#pages = entries.map((entry) => lookUp(entry, context, reader));
    this.#below = new DependencyClosure(context.topology);
    this.#columns = {
      missing: reader.column('missing'),
      depth: reader.column('depth'),
      inProgress: reader.column('repair.inProgress'),
      recency: reader.column('repair.recency'),
      failed: reader.column('repair.failed'),
    };
    this.#doorColumns = ['door.successDeficit', 'door.latency'].map((name) => reader.clusterColumn(name));
    this.#lasting = new Int32Array(reader.componentCount * entries.length);
    this.#healthy = new Int32Array(reader.componentCount);
    this.#tries = context.topology.components.map(() => new Map());
  }

  act(observation: Observation): number {
    this.#lastTry = undefined;
    this.#watch(observation);
    const usersSuffer = this.#doorColumns.some((column) => (observation.cluster[column] ?? 0) > 0);
    this.#contentDecisions = usersSuffer ? 0 : this.#contentDecisions + 1;
    if (this.#contentDecisions === HEALTHY_DECISIONS) for (const tries of this.#tries) tries.clear();
    for (const { component, page } of this.#openCases(observation)) {
      const choice = this.#treat(observation, component, page);
      if (choice !== NO_OP) return choice;
    }
    return NO_OP;
  }

  /** Takes back what was not tried after all, and counts what was: for every ill component that the repair is meant for. */
  overruled(played: number): void {
    if (this.#lastTry !== undefined) this.#countTry(this.#lastTry.component, this.#lastTry.verb, -1);
    this.#lastTry = undefined;
    const action = decodeChoice(played, this.#context.spec.action.verbs.length);
    if (action === undefined) return;
    for (let component = 0; component < this.#reader.componentCount; component += 1) {
      if (this.#healthy[component] === 0 && this.#isMeantFor(component, action)) {
        this.#countTry(component, action.verb, 1);
      }
    }
  }

  /** Whether a page about this component has the repair, on the component that it acts on. */
  #isMeantFor(component: number, action: { readonly component: number; readonly verb: number }): boolean {
    return this.#pages.some(({ repairs, entry }, index) => {
      if (entry.kind !== this.#context.topology.components[component]?.kind) return false;
      if ((this.#lasting[component * this.#pages.length + index] ?? 0) === 0) return false;
      const repair = repairs.find(({ verb }) => verb === action.verb);
      return repair !== undefined && this.#targets(component, repair.target).includes(action.component);
    });
  }

  #countTry(component: number, verb: number, change: number): void {
    const tries = this.#tries[component];
    tries?.set(verb, (tries.get(verb) ?? 0) + change);
  }

  /** Counts for how long each symptom has lasted; a component without fresh signals keeps its counts. */
  #watch(observation: Observation): void {
    for (let component = 0; component < this.#reader.componentCount; component += 1) {
      if (this.#reader.value(observation, component, this.#columns.missing) > 0) continue;
      let ill = false;
      this.#pages.forEach((page, index) => {
        const at = component * this.#pages.length + index;
        const shows = this.#shows(observation, component, page);
        this.#lasting[at] = shows ? (this.#lasting[at] ?? 0) + 1 : 0;
        ill ||= shows;
      });
      this.#healthy[component] = ill ? 0 : (this.#healthy[component] ?? 0) + 1;
      if (this.#healthy[component] === HEALTHY_DECISIONS) this.#tries[component]?.clear();
    }
  }

  #shows(observation: Observation, component: number, page: Page): boolean {
    if (this.#context.topology.components[component]?.kind !== page.entry.kind) return false;
    return page.symptoms.every(({ column, above, below }) => {
      const value = this.#reader.value(observation, component, column);
      return value > above && value < below;
    });
  }

  /** What to treat, causes before consequences, pages in their order, deep services before shallow ones. */
  #openCases(observation: Observation): Case[] {
    const cases: Case[] = [];
    this.#pages.forEach((page, index) => {
      const { entry } = page;
      if (entry.onlyWhenUsersSuffer && this.#contentDecisions > 0) return;
      for (let component = 0; component < this.#reader.componentCount; component += 1) {
        const lasting = this.#lasting[component * this.#pages.length + index] ?? 0;
        if (lasting < entry.patience || this.#isExplained(observation, component, entry)) continue;
        const depth = this.#reader.value(observation, component, this.#columns.depth);
        cases.push({ component, page, rank: index - depth / 2 });
      }
    });
    return cases.sort((a, b) => a.rank - b.rank || a.component - b.component);
  }

  /** Whether something below is ill or under repair. */
  #isExplained(observation: Observation, component: number, { explainedBy }: RunbookEntry): boolean {
    if (explainedBy === 'nothing') return false;
    const { infrastructure, everything } = this.#below;
    const below = (explainedBy === 'infrastructure' ? infrastructure : everything)[component] ?? [];
    return below.some((other) => this.#healthy[other] === 0 || this.#isSettling(observation, other));
  }

  /** The repair tried least often so far, the first among equals; nothing while one is still at work or settling. */
  #treat(observation: Observation, component: number, page: Page): number {
    const tries = this.#tries[component];
    const byTries = page.repairs
      .flatMap(({ verb, target }) => this.#targets(component, target).map((on) => ({ verb, on })))
      .sort((a, b) => (tries?.get(a.verb) ?? 0) - (tries?.get(b.verb) ?? 0));
    if (byTries.some(({ on }) => this.#isSettling(observation, on))) return NO_OP;
    for (const { verb, on } of byTries) {
      const choice = this.#reader.choice(observation, on, verb);
      if (choice === NO_OP) continue;
      this.#countTry(component, verb, 1);
      this.#lastTry = { component, verb };
      return choice;
    }
    return NO_OP;
  }

  /** The component itself, or the one of that kind which needs it; where several do, acting on one would not help. */
  #targets(component: number, kind: string): readonly number[] {
    const { components, dependents } = this.#context.topology;
    if (components[component]?.kind === kind) return [component];
    const above = (dependents[component] ?? []).filter((other) => components[other]?.kind === kind);
    return above.length === 1 ? above : [];
  }

  #isSettling(observation: Observation, component: number): boolean {
    const { inProgress, recency, failed } = this.#columns;
    if (this.#reader.value(observation, component, inProgress) > 0) return true;
    const settled = this.#reader.value(observation, component, failed) > 0 ? RECENCY_FAILED_SETTLED : RECENCY_SETTLED;
    return this.#reader.value(observation, component, recency) > settled;
  }
}

function lookUp(entry: RunbookEntry, { spec }: PolicyContext, reader: ObservationReader): Page {
  return {
    entry,
    symptoms: entry.when.map(({ feature, above, below }) => ({
      column: reader.column(feature),
      above: above ?? Number.NEGATIVE_INFINITY,
      below: below ?? Number.POSITIVE_INFINITY,
    })),
    repairs: entry.repairs.map((name) => {
      const verb = reader.verb(name);
      const target = spec.action.verbs[verb]?.target;
      assert(target !== undefined, `the runbook names a repair '${name}' that this role does not have`);
      return { verb, target };
    }),
  };
}
