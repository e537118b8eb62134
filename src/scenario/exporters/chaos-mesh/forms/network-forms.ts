/** Faults of packets, between services and on links, as NetworkChaos. */
import { type ExportedFault, parameterOf } from '../../exported-fault.ts';
import type { MeshContext, MeshExperiment, MeshForm } from '../mesh-form.ts';
import { everything, linkCapacity, linkFields, serviceFields, serviceSelector } from '../mesh-selectors.ts';
import { durationText, percentText, rateText } from '../mesh-text.ts';

/** netem spreads jitter evenly over plus and minus the whole of it; ours is a standard deviation. */
const JITTER_PER_DEVIATION = Math.sqrt(3);
/** Bytes that pass at once: a few packets. */
const BURST_BYTES_MIN = 10_000;

type Part = Readonly<Record<string, unknown>>;
type PartOf = (fault: ExportedFault, context: MeshContext) => Part;

const delay: PartOf = (fault) => ({
  action: 'delay',
  delay: {
    latency: durationText(parameterOf(fault, 'delaySeconds')),
    jitter: durationText(JITTER_PER_DEVIATION * parameterOf(fault, 'jitterSeconds')),
    correlation: percentText(parameterOf(fault, 'correlationRatio')),
  },
});
const loss: PartOf = (fault) => ({ action: 'loss', loss: { loss: percentText(parameterOf(fault, 'lossRatio')) } });
const partition: PartOf = () => ({ action: 'partition' });

/** Between services: with the peer, or with all pods of the namespace. */
function between(part: PartOf): MeshForm {
  return (fault, context) => {
    const { peer, direction } = fault;
    const target = targetOf(fault, context);
    const outside = peer === null && direction !== 'to';
    const spec = { ...part(fault, context), ...serviceFields(fault, context), direction, ...target };
    const losses = outside ? ['users from outside and other namespaces are not among the target'] : [];
    return [{ kind: 'NetworkChaos', spec, losses }];
  };
}

/** Without a target, only what a pod sends can be meant. */
function targetOf({ peer, direction }: ExportedFault, context: MeshContext): Part {
  if (peer !== null) return { target: { mode: 'all', selector: serviceSelector(peer, context) } };
  return direction === 'to' ? {} : { target: everything(context) };
}

/** On a link, both ways: between a machine and all pods, or between two zones. */
function along(part: PartOf): MeshForm {
  return (fault, context): MeshExperiment[] => {
    const { from, to } = linkFields(fault.target, context);
    const spec = { ...part(fault, context), ...from, direction: fault.direction, target: to };
    const losses = ['only what passes between pods, not what a machine itself sends'];
    return [{ kind: 'NetworkChaos', spec, losses }];
  };
}

export const networkForms: Readonly<Record<string, MeshForm>> = {
  'service.delay': between(delay),
  'service.loss': between(loss),
  'service.partition': between(partition),
  'link.delay': along(delay),
  'link.loss': along(loss),
  'link.partition': along(partition),
  'link.corrupt': along((fault) => ({
    action: 'corrupt',
    corrupt: { corrupt: percentText(parameterOf(fault, 'corruptRatio')) },
  })),
  'link.duplicate': along((fault) => ({
    action: 'duplicate',
    duplicate: { duplicate: percentText(parameterOf(fault, 'duplicateRatio')) },
  })),
  'link.reorder': along((fault) => ({
    action: 'delay',
    delay: {
      latency: durationText(parameterOf(fault, 'delaySeconds')),
      reorder: {
        reorder: percentText(parameterOf(fault, 'reorderRatio')),
        gap: parameterOf(fault, 'gapPackets'),
      },
    },
  })),
  'link.bandwidth': along((fault, context) => {
    const rate = parameterOf(fault, 'rateRatio') * linkCapacity(fault.target, context);
    const { bufferBytes } = context.scenario.cluster.network;
    return {
      action: 'bandwidth',
      bandwidth: {
        rate: rateText(rate),
        limit: Math.max(1, Math.round(parameterOf(fault, 'bufferRatio') * bufferBytes)),
        buffer: Math.max(BURST_BYTES_MIN, Math.round(rate / 100)),
      },
    };
  }),
};
