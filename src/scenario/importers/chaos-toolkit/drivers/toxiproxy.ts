/** The Toxiproxy driver: a proxy stands before a service, whose name it has or is bound to. */
import { z } from 'zod';
import { checkedPart } from '../../checked-part.ts';
import type { FaultDraft } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unreadFields } from '../../unread-fields.ts';
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

const times = { latency: MILLISECONDS, jitter: MILLISECONDS, delay: MILLISECONDS, timeout: MILLISECONDS };
type Time = keyof typeof times;
const isTime = (name: string): name is Time => Object.hasOwn(times, name);

const toxic = z.looseObject({ for_proxy: text, toxic_name: text }, IS_MAP);
const anyToxic = toxic.extend({
  toxic_type: text,
  stream: text.nullish(),
  toxicity: number({ min: 0, max: 1 }).nullish(),
  attributes: z.looseObject(times, IS_MAP).nullish(),
});

type Times = { readonly [T in Time]?: number | null | undefined };

/** A toxic with its attributes. */
interface Toxic extends Times {
  readonly for_proxy: string;
  readonly toxic_name: string;
  readonly toxic_type: string;
  readonly stream?: string | null | undefined;
  readonly toxicity?: number | null | undefined;
}

/** Attributes by type. Sizes are of toxics without a counterpart, or that hit every answer however long it is. */
const ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['latency', ['latency', 'jitter']],
  ['slow_close', ['delay']],
  ['timeout', ['timeout']],
  ['reset_peer', ['timeout']],
  ['limit_data', ['bytes']],
  ['bandwidth', ['rate']],
  ['slicer', ['average_size', 'size_variation', 'delay']],
]);

/** A toxic of one type, whose attributes are arguments; toxicity and direction cannot be chosen. */
function toxicAction(func: string, form: OneType): DriverAction {
  const { type, names, becomes } = form;
  const attributes = Object.fromEntries(names.map((name) => [name, isTime(name) ? times[name] : harmless]));
  return driverAction({
    module: TOXIC,
    func,
    becomes,
    schema: toxic.extend(attributes) as unknown as typeof toxic,
    read: (given, context) => {
      const { for_proxy, toxic_name } = given;
      return started({ for_proxy, toxic_name, toxic_type: type, ...timesOf(given, names) }, context);
    },
  });
}

/** Those of these attributes that are times; their schema has made them numbers. */
function timesOf(given: object, names: readonly string[]): Times {
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name) && isTime(name)));
}

interface OneType {
  readonly type: string;
  /** Attributes, as the action calls them. */
  readonly names: readonly string[];
  readonly becomes: string;
}

const createToxic: DriverAction = {
  ...driverAction({
    module: TOXIC,
    func: 'create_toxic',
    becomes: 'by its type, as below',
    schema: anyToxic,
    read: ({ for_proxy, toxic_name, toxic_type, stream, toxicity, attributes }, context) => {
      const own = { for_proxy, toxic_name, toxic_type, stream, toxicity };
      return started({ ...own, ...timesOf(attributes ?? {}, ATTRIBUTES.get(toxic_type) ?? []) }, context);
    },
  }),
  unread: ({ part, subject }) => {
    const { toxic_type: type } = checkedPart(anyToxic, part, subject);
    const names = ATTRIBUTES.get(type) ?? [];
    const attributes = names.length > 0 ? z.looseObject(fieldsLike(harmless, ...names)) : harmless;
    return unreadFields([anyToxic.extend({ attributes, configuration: harmless })], part);
  },
};

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
      return {
        fault: 'service.reset',
        direction: 'from',
        parameters: { resetRatio: ratio },
        notes: given.timeout ? ['connections are reset at once, not after a time'] : [],
      };
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
  createToxic,
  toxicAction('create_latency_toxic', { type: 'latency', names: ['latency', 'jitter'], becomes: '`service.delay`' }),
  toxicAction('create_slow_connection_close_toxic', {
    type: 'slow_close',
    names: ['delay'],
    becomes: '`service.slow-close`',
  }),
  toxicAction('create_timeout_toxic', {
    type: 'timeout',
    names: ['timeout'],
    becomes: '`service.hang` that probes do not notice',
  }),
  toxicAction('create_limiter_toxic', { type: 'limit_data', names: ['bytes_limit'], becomes: '`service.cut`' }),
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
