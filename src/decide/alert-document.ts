/** Alertmanager's webhook payload, version 4: what of it is read, and which components its alerts are about. */

import { z } from 'zod';
import { checkDocument, type Locate } from './file-problem.ts';
import { type AlertBinding, labelPattern, type TopologyMap } from './topology-document.ts';

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
  /** What it says about the component, in the units of signals. */
  readonly signals: Readonly<Record<string, number>>;
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
): { readonly bound: BoundAlert[]; readonly unbound: Alert[] } {
  const bound: BoundAlert[] = [];
  const unbound: Alert[] = [];
  for (const each of alerts.filter(({ status }) => status === 'firing')) {
    const found = bindOne(each, map);
    if (found === undefined) unbound.push(each);
    else bound.push(found);
  }
  return { bound, unbound };
}

function bindOne(each: Alert, { document, idByName }: TopologyMap): BoundAlert | undefined {
  for (const binding of document.alerts) {
    if (!matches(each, binding)) continue;
    const name = binding.component.replace(/\{(\w+)\}/g, (_, label: string) => each.labels[label] ?? '');
    const component = idByName.get(name);
    if (component !== undefined) return { alert: each, component, signals: binding.signals };
  }
  return undefined;
}

function matches(each: Alert, { match }: AlertBinding): boolean {
  return Object.entries(match).every(([label, text]) => {
    const value = each.labels[label];
    const pattern = labelPattern(text);
    if (value === undefined || pattern === undefined) return false;
    return typeof pattern === 'string' ? value === pattern : pattern.test(value);
  });
}
