/** What a model is asked about: signals, alerts and topology read and put together, with the moment it is about. */

import { nearestName, parseInstant } from '../base/index.ts';
import { type Alert, type BoundAlert, bindAlerts, looksLikeWebhook, parseWebhook } from './alert-document.ts';
import { type Locate, problemAt } from './file-problem.ts';
import type { ModelSpec } from './order-model-card.ts';
import { parseSignals, type SignalsDocument, topologyOf } from './signals-document.ts';
import { parseTopology, type TopologyMap } from './topology-document.ts';

/** What goes with an observation. */
export interface DecideOptions {
  /** A topology map. A signals document that tells the kind of every component does without. */
  readonly topology?: unknown;
  /** An Alertmanager webhook beside a signals document. */
  readonly alerts?: unknown;
  /** The moment of the decision (RFC 3339); default: the moment of the document, or of the newest alert. */
  readonly now?: string;
  /** Places of parts of the observation and of the topology map, for complaints. */
  readonly locate?: Locate;
  readonly locateTopology?: Locate;
}

/** Everything that was told, checked. */
export interface Incident {
  readonly map: TopologyMap;
  readonly document: SignalsDocument | undefined;
  readonly alerts: readonly BoundAlert[];
  readonly unbound: readonly Alert[];
  readonly now: string;
  readonly nowMillis: number;
  /** Seconds since the newest firing alert began; undefined = none fires. */
  readonly alertAgeSeconds: number | undefined;
}

/** Reads a signals document or a webhook; SIGNALS_INVALID or TOPOLOGY_INVALID with the place of the first mistake. */
export function readIncident(observation: unknown, options: DecideOptions, spec: ModelSpec): Incident {
  const { locate } = options;
  const isWebhook = looksLikeWebhook(observation);
  const document = isWebhook ? undefined : parseSignals(observation, locate);
  const given = isWebhook ? observation : options.alerts;
  const webhook = given === undefined ? undefined : parseWebhook(given, isWebhook ? locate : undefined);
  const map = readMap(document, options);
  if (document !== undefined) checkNames(document, map, { spec, locate });
  const { bound, unbound } = webhook === undefined ? { bound: [], unbound: [] } : bindAlerts(webhook, map);
  const newest = newestOf([...bound.map(({ alert }) => alert), ...unbound]);
  const now = options.now ?? document?.at ?? newest ?? webhook?.alerts[0]?.startsAt ?? '';
  const nowMillis = parseInstant(now);
  if (nowMillis === undefined) {
    const message = now === '' ? 'the payload holds no alert' : `${now} is no moment like 2026-11-22T10:21:09Z`;
    throw problemAt([], message, { code: 'SIGNALS_INVALID', locate });
  }
  const begun = parseInstant(newest);
  const alertAgeSeconds = begun === undefined ? undefined : Math.max(0, (nowMillis - begun) / 1000);
  return { map, document, alerts: bound, unbound, now, nowMillis, alertAgeSeconds };
}

function readMap(
  document: SignalsDocument | undefined,
  { topology, locate, locateTopology }: DecideOptions,
): TopologyMap {
  if (topology !== undefined) return parseTopology(topology, locateTopology);
  if (document !== undefined) return topologyOf(document, locate);
  const message = 'alerts need a topology map, which binds their labels to components';
  throw problemAt([], message, { code: 'TOPOLOGY_INVALID' });
}

/** A name that the map does not know is a mistake, and so is a signal that the model does not know. */
function checkNames(
  { components }: SignalsDocument,
  { idByName, facts }: TopologyMap,
  { spec, locate }: { readonly spec: ModelSpec; readonly locate: Locate | undefined },
): void {
  const problem = (path: readonly string[], what: string, known: Iterable<string>) => {
    const guess = nearestName(path.at(-1) ?? '', [...known]);
    const message = `there is no ${what}${guess === undefined ? '' : `; did you mean ${guess}?`}`;
    return problemAt(['components', ...path], message, { code: 'SIGNALS_INVALID', locate });
  };
  for (const [name, { signals, before }] of Object.entries(components)) {
    const id = idByName.get(name);
    if (id === undefined) throw problem([name], 'such component in the topology map', idByName.keys());
    const kind = facts[id]?.kind ?? '';
    const known = spec.signalsOf[kind] ?? [];
    for (const [part, values] of Object.entries({ signals, before })) {
      const stranger = Object.keys(values).find((signal) => !known.includes(signal));
      if (stranger !== undefined) throw problem([name, part, stranger], `such signal of a ${kind}`, known);
    }
  }
}

/** When the alert that fired last began. */
function newestOf(alerts: readonly Alert[]): string | undefined {
  const newest = alerts.reduce<Alert | undefined>((best, alert) => {
    const later = (parseInstant(alert.startsAt) ?? 0) > (parseInstant(best?.startsAt) ?? Number.NEGATIVE_INFINITY);
    return later ? alert : best;
  }, undefined);
  return newest?.startsAt;
}
