/** Alertmanager's webhook payload, version 4: what of it is read, and which components its alerts are about. */

import { z } from 'zod';
import { checkDocument, type Locate, meant } from './file-problem.ts';
import { type AlertBinding, labelPattern, nameFromLabels, type TopologyMap } from './topology-document.ts';

/** One alert. */
export interface Alert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/** What is read of a payload. */
export interface AlertWebhook {
  readonly version: '4';
  readonly alerts: readonly Alert[];
}

const alert: z.ZodType<Alert> = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  startsAt: z.iso.datetime({ offset: true }),
});

const webhookSchema: z.ZodType<AlertWebhook> = z.object({ version: z.literal('4'), alerts: z.array(alert) });

/** An alert that fires and is about a component of the map. */
export interface BoundAlert {
  readonly alert: Alert;
  readonly component: number;
  /** Which of the map's bindings says so. */
  readonly binding: number;
  /** What it says about the component, in the units of signals. */
  readonly signals: Readonly<Record<string, number>>;
}

/** An alert that fires and is about no component of the map. */
export interface UnboundAlert {
  readonly alert: Alert;
  /** Why, in words. */
  readonly why: string;
}

/** Whether a document means to be a webhook payload rather than signals. */
export function looksLikeWebhook(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'alerts' in value && !('format' in value);
}

/** Checks a payload; SIGNALS_INVALID. Fields that are not read may hold anything. */
export function parseWebhook(value: unknown, locate?: Locate): AlertWebhook {
  return checkDocument(value, { schema: webhookSchema, code: 'SIGNALS_INVALID', locate });
}

/** The alerts that fire and whose labels the map binds to a component it knows, and those it does not. */
export function bindAlerts(
  { alerts }: AlertWebhook,
  map: TopologyMap,
): { readonly bound: BoundAlert[]; readonly unbound: UnboundAlert[] } {
  const bound: BoundAlert[] = [];
  const unbound: UnboundAlert[] = [];
  for (const each of alerts.filter(({ status }) => status === 'firing')) {
    const found = bindOne(each, map);
    if ('why' in found) unbound.push(found);
    else bound.push(found);
  }
  return { bound, unbound };
}

/** The first binding that matches and names a component counts. */
function bindOne(each: Alert, { document, idByName }: TopologyMap): BoundAlert | UnboundAlert {
  const failures: string[] = [];
  for (const [index, binding] of document.alerts.entries()) {
    if (!matches(each, binding)) continue;
    const { name, missing } = nameFromLabels(binding.component, each.labels);
    const component = idByName.get(name);
    if (component !== undefined) return { alert: each, component, binding: index, signals: binding.signals };
    const [label] = missing;
    const reason =
      label === undefined
        ? `there is no component ${name}${meant(name, idByName.keys())}`
        : `the alert has no label ${label}${meant(label, Object.keys(each.labels))}`;
    failures.push(`alerts.${index} of the topology map matches, but ${reason}`);
  }
  return { alert: each, why: failures.length > 0 ? failures.join('; ') : 'nothing under alerts of the map matches it' };
}

function matches(each: Alert, { match }: AlertBinding): boolean {
  return Object.entries(match).every(([label, text]) => {
    const value = each.labels[label];
    const pattern = labelPattern(text);
    if (value === undefined || pattern === undefined) return false;
    return typeof pattern === 'string' ? value === pattern : pattern.test(value);
  });
}
