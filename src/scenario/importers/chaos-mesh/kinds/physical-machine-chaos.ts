/** PhysicalMachineChaos: processors, clocks and network cards of machines, by name. */
import { z } from 'zod';
import type { BaseSystem } from '../../fault-script/base-system.ts';
import { type FaultDraft, type ReadExperiment, refusal } from '../../fault-script/fault-draft.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { duration, fields, maybe, modes, offset, rate, ratio, text, texts, whole } from '../chaos-schema.ts';
import { remarked } from '../on-selected.ts';
import { countOf } from '../resolve-selector.ts';
import { JITTER_PER_DEVIATION } from './network-parts.ts';

const schema = fields({
  action: text,
  address: maybe(texts),
  selector: maybe(fields({ physicalMachines: maybe(z.record(z.string(), texts, { error: 'must be a map' })) })),
  mode: z.enum(modes, { error: `must be one of ${modes.join(', ')}` }),
  value: maybe(whole({ min: 1, max: 100_000 })),
  'stress-cpu': maybe(
    fields({ load: maybe(whole({ min: 0, max: 100 })), workers: maybe(whole({ min: 0, max: 8192 })) }),
  ),
  'network-delay': maybe(fields({ latency: maybe(duration), jitter: maybe(duration), correlation: maybe(ratio) })),
  'network-loss': maybe(fields({ percent: maybe(ratio) })),
  'network-corrupt': maybe(fields({ percent: maybe(ratio) })),
  'network-duplicate': maybe(fields({ percent: maybe(ratio) })),
  'network-partition': maybe(fields({ direction: maybe(text) })),
  'network-bandwidth': maybe(fields({ rate, limit: maybe(whole({ min: 1, max: 4_294_967_295 })) })),
  'network-flood': maybe(fields({ rate })),
  'network-down': maybe(fields({ duration: maybe(duration) })),
  clock: maybe(fields({ 'time-offset': maybe(offset) })),
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
    case 'network-flood':
      return {
        fault: 'link.flood',
        target,
        parameters: { offeredShare: (spec['network-flood']?.rate ?? 0) / capacity },
      };
    default:
      return undefined;
  }
}
