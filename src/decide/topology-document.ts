/**
 * A topology map: the components of a real system, what needs what, what is healthy there, and which component an alert
 * is about. Public facts that change seldom; one file serves many decisions.
 */

import { z } from 'zod';
import type { DeeplOpsError } from '../base/index.ts';
import type { Topology } from '../contract/index.ts';
import {
  checkDocument,
  type DocumentPath,
  type Locate,
  meant,
  type ProblemOptions,
  problemAt,
} from './file-problem.ts';
import { signalProperties } from './signal-bounds.ts';

export const TOPOLOGY_FORMAT = 'deepl-ops-topology';

/** What is declared about a component. */
export interface ComponentFacts {
  readonly kind: 'service' | 'node' | 'link' | 'disk';
  readonly needs: readonly string[];
  readonly replicas: number;
  readonly replicasMax?: number | undefined;
  readonly stateful: boolean;
  readonly entry: boolean;
  readonly callersRetry: boolean;
  readonly healthy: Readonly<Record<string, number>>;
}

/** Which component an alert is about, and what it says about it. */
export interface AlertBinding {
  readonly match: Readonly<Record<string, string>>;
  readonly component: string;
  readonly signals: Readonly<Record<string, number>>;
}

/** A topology map as it is written. */
export interface TopologyDocument {
  readonly $schema?: string | undefined;
  readonly format: typeof TOPOLOGY_FORMAT;
  readonly version: 1;
  readonly name: string;
  readonly components: Readonly<Record<string, ComponentFacts>>;
  readonly objective: { readonly successRatio: number; readonly latencyP99: number };
  readonly alerts: readonly AlertBinding[];
}

/** Field by field, so that a signals document may tell the same. */
export const componentFields: { readonly [K in keyof ComponentFacts]-?: z.ZodType<ComponentFacts[K]> } = {
  kind: z.enum(['service', 'node', 'link', 'disk']),
  needs: nameList('Names of what it needs: services it calls, its machines and disks; of a machine, its links'),
  replicas: z.int().min(1).default(1).describe('Declared replicas of a service'),
  replicasMax: z.int().min(1).optional().describe('Most replicas it may be scaled to; default: as many as declared'),
  stateful: z.boolean().default(false).describe('A service that keeps data'),
  entry: z.boolean().default(false).describe('Users reach this service'),
  callersRetry: z.boolean().default(true).describe('Those that call this service try again when a call fails'),
  healthy: signalValues('Signals in healthy times, in their own units: latencies and rates are compared with these'),
};

const component: z.ZodType<ComponentFacts> = z.strictObject(componentFields);

const binding: z.ZodType<AlertBinding> = z.strictObject({
  match: z
    .record(componentName(), z.string())
    .describe('Labels an alert must have; /.../ is a regular expression over the whole value'),
  component: componentName().describe('Name of the component it is about; {label} stands for the value of a label'),
  signals: signalValues('What the alert says about it while it fires, in the units of signals'),
});

const objectiveDefault = { successRatio: 0.99, latencyP99: 1 };

export const topologySchema: z.ZodType<TopologyDocument> = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(TOPOLOGY_FORMAT),
  version: z.literal(1),
  name: z.string().default(''),
  components: z.record(componentName(), component),
  objective: z
    .strictObject({
      successRatio: z.number().min(0).max(1).default(objectiveDefault.successRatio),
      latencyP99: z.number().positive().default(objectiveDefault.latencyP99).describe('s'),
    })
    .default(objectiveDefault)
    .describe('What users are promised, where a signals document says nothing else'),
  alerts: z.array(binding).default([]).describe('Which component an alert is about; the first that matches counts'),
});

/** A name of a component or a label. */
export function componentName(): z.ZodString {
  return z.string().min(1).max(200);
}

/**
 * Values of signals by name, in their own units. Names and bounds are for editors: which of them a component has, hangs
 * on its kind and on the model.
 */
export function signalValues(meaning: string): z.ZodType<Readonly<Record<string, number>>> {
  const forEditors = { properties: signalProperties(), additionalProperties: false };
  return z
    .record(componentName(), z.number())
    .default({})
    .meta({ description: meaning, ...forEditors });
}

function nameList(meaning: string): z.ZodType<readonly string[]> {
  return z.array(componentName()).default([]).describe(meaning);
}

/** A topology map made ready. */
export interface TopologyMap {
  readonly document: TopologyDocument;
  readonly topology: Topology;
  /** By component. */
  readonly facts: readonly ComponentFacts[];
  readonly idByName: ReadonlyMap<string, number>;
}

/** Checks a topology map; TOPOLOGY_INVALID. */
export function parseTopology(value: unknown, locate?: Locate): TopologyMap {
  const options = { code: 'TOPOLOGY_INVALID', locate } as const;
  const document = checkDocument(value, { schema: topologySchema, ...options });
  const names = Object.keys(document.components);
  if (names.length === 0) throw problemAt(['components'], 'names no component', options);
  const idByName = new Map(names.map((name, id) => [name, id]));
  const facts = Object.values(document.components);
  const dependencies = facts.map(({ needs }, id) =>
    needs.map((need, index) => {
      const needed = idByName.get(need);
      if (needed !== undefined) return needed;
      throw noComponent(['components', names[id] ?? '', 'needs', index], need, names, options);
    }),
  );
  const topology: Topology = {
    components: facts.map(({ kind }, id) => ({ kind, name: names[id] ?? '' })),
    dependencies: dependencies.map(sorted),
    dependents: reversed(dependencies).map(sorted),
  };
  document.alerts.forEach((alert, index) => {
    checkBinding(alert, index, names, options);
  });
  return { document, topology, facts, idByName };
}

function checkBinding(
  { match, component }: AlertBinding,
  index: number,
  names: readonly string[],
  options: ProblemOptions,
): void {
  for (const [label, pattern] of Object.entries(match)) {
    if (labelPattern(pattern) !== undefined) continue;
    throw problemAt(['alerts', index, 'match', label], `${pattern} is no regular expression`, options);
  }
  // A name made of labels is known when an alert fires.
  if (LABEL.test(component) || names.includes(component)) return;
  throw noComponent(['alerts', index, 'component'], component, names, options);
}

function noComponent(
  path: DocumentPath,
  name: string,
  names: readonly string[],
  options: ProblemOptions,
): DeeplOpsError {
  return problemAt(path, `there is no component ${name}${meant(name, names)}`, options);
}

/** A label in the name of a component. */
const LABEL = /\{(\w+)\}/;

/** The component an alert is about, with the values of labels filled in; labels it does not have are named. */
export function nameFromLabels(
  template: string,
  labels: Readonly<Record<string, string>>,
): { readonly name: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const name = template.replaceAll(new RegExp(LABEL, 'g'), (_, label: string) => {
    if (labels[label] === undefined) missing.push(label);
    return labels[label] ?? '';
  });
  return { name, missing };
}

/** What a label must match: text as it is, or a regular expression between slashes; undefined = not a valid one. */
export function labelPattern(pattern: string): RegExp | string | undefined {
  const [, source] = /^\/(.*)\/$/s.exec(pattern) ?? [];
  if (source === undefined) return pattern;
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return undefined;
  }
}

function reversed(lists: readonly (readonly number[])[]): number[][] {
  const result: number[][] = lists.map(() => []);
  lists.forEach((list, from) => {
    for (const to of list) result[to]?.push(from);
  });
  return result;
}

function sorted(list: readonly number[]): number[] {
  return [...new Set(list)].sort((a, b) => a - b);
}
