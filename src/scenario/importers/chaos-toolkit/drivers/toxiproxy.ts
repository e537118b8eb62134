/** The Toxiproxy driver: a proxy stands before a service, whose name it has or is bound to. */
import { z } from 'zod';
import type { FaultDraft } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless } from '../../unread-fields.ts';
import {
  type ActionContext,
  type ActionEffect,
  type DriverAction,
  driverAction,
  foreignAction,
} from '../driver-action.ts';
import { number, text } from '../experiment-schema.ts';

const IS_MAP = { error: 'must be a map of arguments' };
const TOXIC = 'chaostoxi.toxic.actions';
const PROXY = 'chaostoxi.proxy.actions';

const MILLISECONDS = number({ min: 0, max: 1e9 }).nullish();

/** Of toxics that have no counterpart, or that hit every answer however long it is. */
const sizes = fieldsLike(harmless, 'bytes', 'bytes_limit', 'rate', 'average_size', 'size_variation');

const toxic = z.looseObject(
  {
    for_proxy: text,
    toxic_name: text,
    toxic_type: text.nullish(),
    stream: text.nullish(),
    toxicity: number({ min: 0, max: 1 }).nullish(),
    latency: MILLISECONDS,
    jitter: MILLISECONDS,
    delay: MILLISECONDS,
    timeout: MILLISECONDS,
    attributes: z
      .looseObject(
        { latency: MILLISECONDS, jitter: MILLISECONDS, delay: MILLISECONDS, timeout: MILLISECONDS, ...sizes },
        IS_MAP,
      )
      .nullish(),
    ...sizes,
  },
  IS_MAP,
);
type Toxic = z.output<typeof toxic>;

function toxicAction(func: string, type: string | null, becomes: string): DriverAction {
  return driverAction({
    module: TOXIC,
    func,
    becomes,
    schema: toxic,
    read: (given, context) => {
      const { attributes, ...own } = given;
      const kind = type ?? given.toxic_type ?? '';
      return started({ ...own, ...attributes, toxic_type: kind }, context);
    },
  });
}

function started(given: Toxic, { base }: ActionContext): ActionEffect {
  const target = base.serviceOf(given.for_proxy);
  if (target === undefined)
    return {
      kind: 'nothing',
      reason: `no service is called ${given.for_proxy.slice(0, 80)}, as the proxy is (--bind)`,
    };
  const fault = toxicFault(given);
  if (typeof fault === 'string') return { kind: 'nothing', reason: fault };
  const draft = { ...fault, target, mode: 'all' as const };
  return {
    kind: 'starts',
    experiment: { drafts: [draft], refused: [] },
    key: `toxi/toxic/${given.for_proxy}/${given.toxic_name}/`,
  };
}

/** Text = why there is none. Downstream is what the service sends, upstream what it gets. */
function toxicFault(given: Toxic): Omit<FaultDraft, 'target'> | string {
  const ratio = given.toxicity ?? 1;
  const direction = given.stream === 'upstream' ? 'from' : 'to';
  const mean =
    ratio < 1
      ? [`every packet is late by its share, not ${Math.round(100 * ratio)} % of connections by all of it`]
      : [];
  switch (given.toxic_type) {
    case 'latency':
      return {
        fault: 'service.delay',
        direction,
        parameters: {
          delaySeconds: (ratio * (given.latency ?? 0)) / 1000,
          jitterSeconds: (given.jitter ?? 0) / 1000 / Math.sqrt(3),
        },
        notes: mean,
      };
    case 'reset_peer':
      return { fault: 'service.reset', direction: 'from', parameters: { resetRatio: ratio } };
    case 'limit_data':
      return {
        fault: 'service.cut',
        direction: 'from',
        parameters: { cutRatio: ratio },
        notes: ['every answer is cut, however short it is'],
      };
    case 'slow_close':
      return {
        fault: 'service.slow-close',
        direction: 'from',
        parameters: { lingerSeconds: (ratio * (given.delay ?? 0)) / 1000 },
      };
    case 'timeout':
      if (ratio < 1) return 'requests hang in all connections of a replica or in none';
      return {
        fault: 'service.hang',
        severity: 'severe',
        parameters: { probesAnswered: 1 },
        notes: given.timeout ? ['connections stay open until the caller gives up'] : [],
      };
    case 'bandwidth':
      return 'the bandwidth of a service is that of its machines';
    default:
      return `${String(given.toxic_type).slice(0, 80)} has no counterpart`;
  }
}

const proxy = z.looseObject({ proxy_name: text }, IS_MAP);

export const toxiproxyActions: readonly DriverAction[] = [
  toxicAction('create_toxic', null, 'by its type, as below'),
  toxicAction('create_latency_toxic', 'latency', '`service.delay`'),
  toxicAction('create_slow_connection_close_toxic', 'slow_close', '`service.slow-close`'),
  toxicAction('create_timeout_toxic', 'timeout', '`service.hang` that probes do not notice'),
  toxicAction('create_limiter_toxic', 'limit_data', '`service.cut`'),
  foreignAction(TOXIC, 'create_bandwith_degradation_toxic', 'the bandwidth of a service is that of its machines'),
  foreignAction(TOXIC, 'create_slicer_toxic', 'the size of packets does not matter here'),
  driverAction({
    module: TOXIC,
    func: 'delete_toxic',
    becomes: 'the end of that',
    schema: z.looseObject({ for_proxy: text, toxic_name: text }, IS_MAP),
    read: ({ for_proxy, toxic_name }) => ({ kind: 'ends', keys: `toxi/toxic/${for_proxy}/${toxic_name}/` }),
  }),
  driverAction({
    module: PROXY,
    func: 'disable_proxy',
    becomes: '`service.partition`',
    schema: proxy,
    read: ({ proxy_name }, { base }) => {
      const target = base.serviceOf(proxy_name);
      if (target === undefined)
        return { kind: 'nothing', reason: `no service is called ${proxy_name.slice(0, 80)} (--bind)` };
      const drafts = [{ fault: 'service.partition', target, mode: 'all' as const }];
      return { kind: 'starts', experiment: { drafts, refused: [] }, key: `toxi/proxy/${proxy_name}/` };
    },
  }),
  driverAction({
    module: PROXY,
    func: 'enable_proxy',
    becomes: 'the end of that',
    schema: proxy,
    read: ({ proxy_name }) => ({ kind: 'ends', keys: `toxi/proxy/${proxy_name}/` }),
  }),
  {
    module: PROXY,
    func: 'reset',
    becomes: 'the end of all toxics, and all proxies on again',
    read: () => ({ kind: 'ends', keys: 'toxi/' }),
  },
];
