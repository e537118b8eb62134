/** Links as the request engine sees them: packed rows, because every message reads most of a row. */

import type { StateLayout, Table } from '../../base/index.ts';
import {
  type Conditions,
  linkBufferBytes,
  linkForeignBytes,
  linkLatencySeconds,
  linkLossRatio,
  linkRate,
  linkSecondsPerByte,
  spreadSeconds,
  Way,
} from '../../cluster/index.ts';

/** Fields of a link. */
export const LinkField = {
  /** Bytes waiting, and when that was true. */
  backlogBytes: 0,
  atMicros: 1,
  /** Bytes of calls since their rate was estimated, and the estimate. */
  callBytes: 2,
  callRate: 3,
  /** Waits that messages met since the last reading of the meters. */
  waitSum: 4,
  waits: 5,
  /** Bytes a second it carries, bytes it buffers, bytes a second of foreign traffic. */
  rate: 6,
  bufferBytes: 7,
  foreignBytes: 8,
  /** Share that found room in the buffer in the last tick, and the wait among foreign packets. */
  overloadPasses: 9,
  frameWait: 10,
  /** One way when empty; what effects add to it on average, its standard deviation. */
  latency: 11,
  effectDelay: 12,
  jitter: 13,
  /** Shares of packets that effects let pass, by `Way`. */
  passesIn: 14,
  passesOut: 15,
  /** Bytes sent for every byte, and what a cap on the rate adds to every byte. */
  copies: 16,
  secondsPerByte: 17,
  /** Bytes that found no room in this tick. */
  overBytes: 18,
} as const;

export const LINK_WIDTH: number = Object.keys(LinkField).length;

/** Declares the rows. */
export function linkRows(layout: StateLayout, links: number): Table<{ value: 'f64' }> {
  return layout.table('request.link', links * LINK_WIDTH, { value: 'f64' });
}

/** Writes what effects make of a link. */
export function refreshLinkRow(rows: Float64Array, cluster: Conditions, link: number): void {
  const { linkDelay, linkJitter, linkDuplicate } = cluster.effects.values;
  const at = link * LINK_WIDTH;
  rows[at + LinkField.rate] = linkRate(cluster, link);
  rows[at + LinkField.bufferBytes] = linkBufferBytes(cluster, link);
  rows[at + LinkField.foreignBytes] = linkForeignBytes(cluster, link);
  rows[at + LinkField.latency] = linkLatencySeconds(cluster, link);
  rows[at + LinkField.effectDelay] = linkDelay[link]!;
  rows[at + LinkField.jitter] = linkJitter[link]!;
  rows[at + LinkField.passesIn] = 1 - linkLossRatio(cluster, link, Way.in);
  rows[at + LinkField.passesOut] = 1 - linkLossRatio(cluster, link, Way.out);
  rows[at + LinkField.copies] = 1 + linkDuplicate[link]!;
  rows[at + LinkField.secondsPerByte] = linkSecondsPerByte(cluster, link);
}

/** Mean of the one-way delay of an empty link. */
export function emptyLinkSeconds(rows: Float64Array, link: number): number {
  const at = link * LINK_WIDTH;
  return rows[at + LinkField.latency]! + spreadSeconds(rows[at + LinkField.effectDelay]!, rows[at + LinkField.jitter]!);
}
