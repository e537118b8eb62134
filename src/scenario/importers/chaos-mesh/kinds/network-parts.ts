/** What each part of a NetworkChaos does to packets, between services and on links. */
import type { z } from 'zod';
import type { BaseSystem } from '../../fault-script/base-system.ts';
import { unread } from '../../unread-fields.ts';
import { duration, fields, maybe, rate, ratio, whole } from '../chaos-schema.ts';

type Maybe<T> = T | null | undefined;

/** Percentages are shares, rates bytes per second, durations seconds. */
export interface NetworkParts {
  delay?: Maybe<{ latency: number; jitter?: Maybe<number>; correlation?: Maybe<number>; reorder?: Maybe<Reorder> }>;
  loss?: Maybe<{ loss: number; correlation?: Maybe<number> }>;
  duplicate?: Maybe<{ duplicate: number; correlation?: Maybe<number> }>;
  corrupt?: Maybe<{ corrupt: number; correlation?: Maybe<number> }>;
  rate?: Maybe<{ rate: number }>;
  bandwidth?: Maybe<{ rate: number; limit?: Maybe<number>; buffer?: Maybe<number> }>;
}

interface Reorder {
  reorder: number;
  correlation?: Maybe<number>;
  gap?: Maybe<number>;
}

const bytes = whole({ min: 1, max: 4_294_967_295 });
const bursts = unread('bursts are not simulated');
const reorder = fields({ reorder: ratio, correlation: maybe(ratio), gap: maybe(whole({ min: 0, max: 1e6 })) });

export const networkPartFields: {
  readonly [K in keyof Required<NetworkParts>]: z.ZodType<NetworkParts[K], unknown>;
} = {
  delay: maybe(
    fields({ latency: duration, jitter: maybe(duration), correlation: maybe(ratio), reorder: maybe(reorder) }),
  ),
  loss: maybe(fields({ loss: ratio, correlation: maybe(ratio) })),
  duplicate: maybe(fields({ duplicate: ratio, correlation: maybe(ratio) })),
  corrupt: maybe(fields({ corrupt: ratio, correlation: maybe(ratio) })),
  rate: maybe(fields({ rate })),
  bandwidth: maybe(fields({ rate, limit: maybe(bytes), buffer: maybe(bytes), peakrate: bursts, minburst: bursts })),
};

/** The fault of one part: of what passes between services, and of a link. */
export interface PacketFault {
  /** Text = why there is none; null = another part says it. */
  readonly service: NamedFault | string | null;
  readonly link: (link: string, base: BaseSystem) => NamedFault;
  readonly notes: readonly string[];
}

interface NamedFault {
  readonly fault: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
}

/** netem spreads jitter evenly over plus and minus the whole of it; ours is a standard deviation. */
export const JITTER_PER_DEVIATION: number = Math.sqrt(3);

const OVERTAKING = 'packets of a service do not overtake each other here, only those on a link';

/** A delay, and on a link with `reorder` packets that overtake. */
export function delayFault({ delay }: NetworkParts): PacketFault | undefined {
  if (!delay) return undefined;
  const { latency, jitter, correlation, reorder: overtaken } = delay;
  const parameters = {
    delaySeconds: latency,
    jitterSeconds: (jitter ?? 0) / JITTER_PER_DEVIATION,
    correlationRatio: correlation ?? 0,
  };
  if (!overtaken) {
    return {
      service: { fault: 'service.delay', parameters },
      link: () => ({ fault: 'link.delay', parameters }),
      notes: [],
    };
  }
  const overtaking = {
    reorderRatio: overtaken.reorder,
    gapPackets: Math.max(1, overtaken.gap ?? 1),
    delaySeconds: latency,
  };
  return {
    service: { fault: 'service.delay', parameters, notes: [OVERTAKING] },
    link: () => ({ fault: 'link.reorder', parameters: overtaking, notes: jitter ? ['without jitter'] : [] }),
    notes: overtaken.correlation ? ['correlation of reordering is not looked at'] : [],
  };
}

/** With corruption beside it, the loss between services is part of that. */
export function lossFault({ loss, corrupt }: NetworkParts): PacketFault | undefined {
  if (!loss) return undefined;
  const parameters = { lossRatio: loss.loss };
  return {
    service: corrupt ? null : { fault: 'service.loss', parameters },
    link: () => ({ fault: 'link.loss', parameters }),
    notes: uncorrelated(loss.correlation),
  };
}

/** Between services a corrupt packet is a lost one, so that both together are one loss. */
export function corruptFault({ corrupt, loss }: NetworkParts): PacketFault | undefined {
  if (!corrupt) return undefined;
  const lost = loss?.loss ?? 0;
  return {
    service: {
      fault: 'service.loss',
      parameters: { lossRatio: 1 - (1 - corrupt.corrupt) * (1 - lost) },
      notes: ['corrupt packets are dropped by their checksums, so they count as lost'],
    },
    link: () => ({ fault: 'link.corrupt', parameters: { corruptRatio: corrupt.corrupt } }),
    notes: uncorrelated(corrupt.correlation),
  };
}

export function duplicateFault({ duplicate }: NetworkParts): PacketFault | undefined {
  if (!duplicate) return undefined;
  return {
    service: 'packets are duplicated on links only, not between services',
    link: () => ({ fault: 'link.duplicate', parameters: { duplicateRatio: duplicate.duplicate } }),
    notes: uncorrelated(duplicate.correlation),
  };
}

export const partitionFault: PacketFault = {
  service: { fault: 'service.partition' },
  link: () => ({ fault: 'link.partition' }),
  notes: [],
};

/** A lower bandwidth: `bandwidth` with its queue, or the `rate` of netem. */
export function bandwidthFault({ bandwidth, rate: netem }: NetworkParts): PacketFault | undefined {
  const lower = bandwidth ?? netem;
  if (!lower) return undefined;
  const limit = bandwidth?.limit ?? undefined;
  return {
    service: 'the bandwidth of a service is that of its machines',
    link: (link, base) => ({
      fault: 'link.bandwidth',
      parameters: {
        rateRatio: Math.min(1, lower.rate / base.capacityOf(link)),
        bufferRatio: limit === undefined ? 1 : Math.min(1, limit / base.cluster.network.bufferBytes),
      },
    }),
    notes: bandwidth?.buffer ? ['bursts (`buffer`) are not looked at'] : [],
  };
}

function uncorrelated(correlation: number | null | undefined): string[] {
  return correlation ? ['correlation is not looked at: packets fare independently'] : [];
}
