/** What a model is asked about: signals, alerts and topology read and put together, with the moment it is about. */

import { formatInstant, parseInstant } from '../base/index.ts';
import {
  type Alert,
  type AlertWebhook,
  type BoundAlert,
  bindAlerts,
  looksLikeWebhook,
  parseWebhook,
  type UnboundAlert,
} from './alert-document.ts';
import { checkBoundSignals, checkMapNames, checkSignalNames } from './check-names.ts';
import { checkAlertTimes, checkDocumentTimes } from './check-times.ts';
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
  /**
   * The moment of the decision (RFC 3339), for documents of another time. Default: the present; where alerts are all there
   * is, the moment at which the newest began.
   */
  readonly now?: string;
  /** Places of parts of the observation, of the topology map and of the alerts beside, for complaints. */
  readonly locate?: Locate;
  readonly locateTopology?: Locate;
  readonly locateAlerts?: Locate;
}

/** The present in milliseconds since 1970. */
export type Clock = () => number;

/** Who is asked. */
export interface Asked {
  readonly spec: ModelSpec;
  /** Undefined = whoever asks about a signals document has to tell the moment. */
  readonly clock?: Clock | undefined;
}

/** Everything that was told, checked. */
export interface Incident {
  readonly map: TopologyMap;
  readonly document: SignalsDocument | undefined;
  readonly alerts: readonly BoundAlert[];
  readonly unbound: readonly UnboundAlert[];
  readonly now: string;
  readonly nowMillis: number;
  /** Seconds since the newest firing alert began; undefined = none fires. */
  readonly alertAgeSeconds: number | undefined;
}

/** Reads a signals document or a webhook; SIGNALS_INVALID or TOPOLOGY_INVALID with the place of the first mistake. */
export function readIncident(observation: unknown, options: DecideOptions, { spec, clock }: Asked): Incident {
  const { locate, topology, locateTopology } = options;
  const isWebhook = looksLikeWebhook(observation);
  const document = isWebhook ? undefined : parseSignals(observation, locate);
  const given = isWebhook ? observation : options.alerts;
  const locateAlerts = isWebhook ? locate : options.locateAlerts;
  const webhook = given === undefined ? undefined : parseWebhook(given, locateAlerts);
  const map = readMap(document, options);
  const ofMap = { spec, code: 'TOPOLOGY_INVALID', locate: locateTopology } as const;
  // A map that a document makes of itself is checked as a part of it.
  if (topology !== undefined) checkMapNames(map, ofMap);
  if (document !== undefined) checkSignalNames(document, map, { spec, code: 'SIGNALS_INVALID', locate });
  const { bound, unbound } = webhook === undefined ? { bound: [], unbound: [] } : bindAlerts(webhook, map);
  checkBoundSignals(bound, map, ofMap);
  const begun = newestOf([...bound, ...unbound].map(({ alert }) => alert));
  const now = options.now ?? momentOf({ document, webhook, begun, clock });
  const nowMillis = parseInstant(now);
  if (nowMillis === undefined) {
    throw problemAt([], `${now} is no moment like 2026-11-22T10:21:09Z`, { code: 'SIGNALS_INVALID' });
  }
  if (document !== undefined) checkDocumentTimes(document, { now, nowMillis, locate });
  if (webhook !== undefined) checkAlertTimes(webhook, { now, nowMillis, locate: locateAlerts });
  const begunMillis = parseInstant(begun);
  const alertAgeSeconds = begunMillis === undefined ? undefined : Math.max(0, (nowMillis - begunMillis) / 1000);
  return { map, document, alerts: bound, unbound, now, nowMillis, alertAgeSeconds };
}

/** The present; but alerts alone come without the time of sending, and count as just received. */
function momentOf({
  document,
  webhook,
  begun,
  clock,
}: Pick<Incident, 'document'> & {
  readonly webhook: AlertWebhook | undefined;
  readonly begun: string | undefined;
  readonly clock: Clock | undefined;
}): string {
  if (document === undefined) {
    const moment = begun ?? webhook?.alerts[0]?.startsAt;
    if (moment === undefined) throw problemAt([], 'the payload holds no alert', { code: 'SIGNALS_INVALID' });
    return moment;
  }
  if (clock !== undefined) return formatInstant(clock());
  const hint = 'Give the present as now, or the moment of the document where it is of another time.';
  throw problemAt([], 'nothing tells the moment of the decision', { code: 'SIGNALS_INVALID', hint });
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

/** When the alert that fired last began. */
function newestOf(alerts: readonly Alert[]): string | undefined {
  const newest = alerts.reduce<Alert | undefined>((best, alert) => {
    const later = (parseInstant(alert.startsAt) ?? 0) > (parseInstant(best?.startsAt) ?? Number.NEGATIVE_INFINITY);
    return later ? alert : best;
  }, undefined);
  return newest?.startsAt;
}
