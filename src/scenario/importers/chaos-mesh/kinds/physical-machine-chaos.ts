/** PhysicalMachineChaos: processors, clocks and network cards of machines, by name. */
import { z } from 'zod';
import type { BaseSystem } from '../../fault-script/base-system.ts';
import { type FaultDraft, type ReadExperiment, refusal } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread } from '../../unread-fields.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { duration, fields, maybe, modes, offset, rate, ratio, text, texts, whole } from '../chaos-schema.ts';
import { remarked } from '../on-selected.ts';
import { countOf } from '../resolve-selector.ts';
import { JITTER_PER_DEVIATION } from './network-parts.ts';

/** Actions of chaosd that a simulated machine has nothing for. */
const FOREIGN_ACTIONS = [
  'stress-mem',
  'disk-read-payload',
  'disk-write-payload',
  'disk-fill',
  'network-dns',
  'process',
  'jvm-exception',
  'jvm-gc',
  'jvm-latency',
  'jvm-return',
  'jvm-stress',
  'jvm-rule-data',
  'jvm-mysql',
  'redis-expiration',
  'redis-penetration',
  'redis-cacheLimit',
  'redis-restart',
  'redis-stop',
  'kafka-fill',
  'kafka-flood',
  'kafka-io',
  'http-abort',
  'http-delay',
  'http-config',
  'http-request',
  'file-create',
  'file-modify',
  'file-delete',
  'file-rename',
  'file-append',
  'file-replace',
  'vm',
  'user_defined',
];

const ACTIONS = [
  'stress-cpu',
  'clock',
  'network-delay',
  'network-loss',
  'network-corrupt',
  'network-duplicate',
  'network-partition',
  'network-bandwidth',
  'network-flood',
  'network-down',
];

/** Whose packets are meant; a link here has those of all. */
const narrowing = fieldsLike(
  unread('all packets of the machine are meant'),
  ...['hostname', 'ip-address', 'ip-protocol', 'source-port', 'egress-port', 'accept-tcp-flags'],
);
/** A machine has one network card. */
const card = { device: harmless, ...narrowing };
const correlated = { ...card, correlation: unread('packets fare independently') };
const bursts = fieldsLike(unread('bursts are not simulated'), 'buffer', 'peakrate', 'minburst');
/** Whom a flood is for does not matter, only the link that it fills. */
const aim = fieldsLike(harmless, 'ip-address', 'port', 'parallel');
const clocks = fieldsLike(unread('all that runs on the machine is meant'), 'pid', 'clock-ids-slice');
const byOtherThings = unread('a scenario knows machines by name');

const schema = fields({
  action: text,
  uid: harmless,
  address: maybe(texts),
  selector: maybe(
    fields({
      physicalMachines: maybe(z.record(z.string(), texts, { error: 'must be a map' })),
      namespaces: harmless,
      ...fieldsLike(byOtherThings, 'labelSelectors', 'expressionSelectors', 'annotationSelectors', 'fieldSelectors'),
    }),
  ),
  mode: z.enum(modes, { error: `must be one of ${modes.join(', ')}` }),
  value: maybe(whole({ min: 1, max: 100_000 })),
  'stress-cpu': maybe(
    fields({
      load: maybe(whole({ min: 0, max: 100 })),
      workers: maybe(whole({ min: 0, max: 8192 })),
      options: unread('options of stress-ng are not looked at'),
    }),
  ),
  'network-delay': maybe(
    fields({ latency: maybe(duration), jitter: maybe(duration), correlation: maybe(ratio), ...card }),
  ),
  'network-loss': maybe(fields({ percent: maybe(ratio), ...correlated })),
  'network-corrupt': maybe(fields({ percent: maybe(ratio), ...correlated })),
  'network-duplicate': maybe(fields({ percent: maybe(ratio), ...correlated })),
  'network-partition': maybe(fields({ direction: maybe(text), ...card })),
  'network-bandwidth': maybe(fields({ rate, limit: maybe(whole({ min: 1, max: 4_294_967_295 })), ...bursts, ...card })),
  'network-flood': maybe(fields({ rate, duration: maybe(duration), ...aim })),
  'network-down': maybe(fields({ duration: maybe(duration), device: harmless })),
  clock: maybe(fields({ 'time-offset': maybe(offset), ...clocks })),
  ...fieldsLike(harmless, ...FOREIGN_ACTIONS),
});
type MachineSpec = z.output<typeof schema>;

export const physicalMachineChaos: ChaosKind = chaosKind({
  kind: 'PhysicalMachineChaos',
  actions: {
    'stress-cpu': '`node.cpu-stress`: workers x load as a share of the cores',
    clock: '`node.clock-skew`',
    'network-delay, -loss, -corrupt, -duplicate':
      '`link.delay`, `link.loss`, `link.corrupt`, `link.duplicate` on the uplink',
    'network-partition, network-down': '`link.partition` on the uplink',
    'network-bandwidth': '`link.bandwidth` on the uplink',
    'network-flood': '`link.flood` on the uplink',
    'all others': '- not simulated on machines',
  },
  schema,
  actionFields: Object.fromEntries([...ACTIONS, ...FOREIGN_ACTIONS].map((action) => [action, [action]])),
  read,
});

function read(spec: MachineSpec, base: BaseSystem): ReadExperiment {
  const names = [
    ...Object.values(spec.selector?.physicalMachines ?? {}).flat(),
    ...(spec.address ?? []).map((address) =>
      address
        .replace(/^\w+:\/\//, '')
        .split(':', 1)
        .join(''),
    ),
  ];
  if (names.length === 0) return refusal('machines are meant by labels or not at all; a scenario knows them by name');
  const stranger = names.find((name) => base.nodeOf(name) === undefined);
  if (stranger !== undefined) return refusal(`there is no machine ${stranger.slice(0, 80)} in the scenario`);
  const nodes = names.flatMap((name) => base.nodeOf(name) ?? []);
  const chosen = nodes.slice(0, countOf(nodes.length, spec));
  const notes = chosen.length < nodes.length ? ['the first machines stand for those that would be drawn'] : [];
  const faults = chosen.map((node) => machineFault(spec, node, base));
  const reason = faults.find((fault) => typeof fault === 'string');
  if (typeof reason === 'string') return refusal(reason);
  return remarked({ drafts: faults.filter((fault) => typeof fault !== 'string'), refused: [] }, notes);
}

/** Text = why there is none. */
function machineFault(spec: MachineSpec, node: string, base: BaseSystem): FaultDraft | string {
  const link = base.uplinkOf(node);
  switch (spec.action) {
    case 'stress-cpu': {
      const { load, workers } = spec['stress-cpu'] ?? {};
      const stolenCoreShare = ((workers ?? 1) * (load ?? 100)) / 100 / base.coresOf(node);
      return { fault: 'node.cpu-stress', target: node, parameters: { stolenCoreShare } };
    }
    case 'clock': {
      const skewSeconds = Math.abs(spec.clock?.['time-offset'] ?? 0);
      return { fault: 'node.clock-skew', target: node, parameters: { skewSeconds } };
    }
    case 'network-down': {
      const seconds = spec['network-down']?.duration;
      return { fault: 'link.partition', target: link, ...(seconds ? { ownSeconds: seconds } : {}) };
    }
    default:
      return linkFault(spec, link, base) ?? `${spec.action.slice(0, 80)} is not simulated on machines`;
  }
}

function linkFault(spec: MachineSpec, target: string, base: BaseSystem): FaultDraft | undefined {
  const capacity = base.capacityOf(target);
  const { bufferBytes } = base.cluster.network;
  const both = { notes: ['a link has it both ways'] };
  switch (spec.action) {
    case 'network-delay': {
      const { latency, jitter, correlation } = spec['network-delay'] ?? {};
      const parameters = {
        delaySeconds: latency ?? 0,
        jitterSeconds: (jitter ?? 0) / JITTER_PER_DEVIATION,
        correlationRatio: correlation ?? 0,
      };
      return { fault: 'link.delay', target, parameters, ...both };
    }
    case 'network-loss':
      return { fault: 'link.loss', target, parameters: { lossRatio: spec['network-loss']?.percent ?? 0 }, ...both };
    case 'network-corrupt':
      return {
        fault: 'link.corrupt',
        target,
        parameters: { corruptRatio: spec['network-corrupt']?.percent ?? 0 },
        ...both,
      };
    case 'network-duplicate': {
      const duplicateRatio = spec['network-duplicate']?.percent ?? 0;
      return { fault: 'link.duplicate', target, parameters: { duplicateRatio }, ...both };
    }
    case 'network-partition': {
      const direction = spec['network-partition']?.direction;
      return { fault: 'link.partition', target, ...(direction === 'to' || direction === 'from' ? { direction } : {}) };
    }
    case 'network-bandwidth': {
      const { rate: lower, limit } = spec['network-bandwidth'] ?? {};
      const rateRatio = Math.min(1, (lower ?? capacity) / capacity);
      return {
        fault: 'link.bandwidth',
        target,
        parameters: { rateRatio, bufferRatio: limit ? Math.min(1, limit / bufferBytes) : 1 },
      };
    }
    case 'network-flood': {
      const { rate: offered, duration: seconds } = spec['network-flood'] ?? {};
      const parameters = { offeredShare: (offered ?? 0) / capacity };
      return { fault: 'link.flood', target, parameters, ...(seconds ? { ownSeconds: seconds } : {}) };
    }
    default:
      return undefined;
  }
}
