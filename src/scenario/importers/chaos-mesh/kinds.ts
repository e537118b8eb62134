/** Every kind of Chaos Mesh experiment; a new one is a file and a line here. */
import type { z } from 'zod';
import { type ChaosKind, foreignKind } from './chaos-kind.ts';
import { fields } from './chaos-schema.ts';
import { dnsChaos } from './kinds/dns-chaos.ts';
import { httpChaos } from './kinds/http-chaos.ts';
import { blockChaos, ioChaos } from './kinds/io-chaos.ts';
import { jvmChaos } from './kinds/jvm-chaos.ts';
import { networkChaos } from './kinds/network-chaos.ts';
import { physicalMachineChaos } from './kinds/physical-machine-chaos.ts';
import { podChaos } from './kinds/pod-chaos.ts';
import { stressChaos } from './kinds/stress-chaos.ts';
import { timeChaos } from './kinds/time-chaos.ts';

const anything: z.ZodType<unknown, unknown> = fields({});
const BY_IDENTITY = 'machines of a cloud are meant by identities that a scenario does not know';

/** In the order of the documentation. */
export const chaosKinds: readonly ChaosKind[] = [
  networkChaos,
  podChaos,
  stressChaos,
  ioChaos,
  blockChaos,
  dnsChaos,
  httpChaos,
  timeChaos,
  jvmChaos,
  physicalMachineChaos,
  foreignKind('KernelChaos', 'calls of the kernel are not simulated', anything),
  foreignKind('AWSChaos', BY_IDENTITY, anything),
  foreignKind('GCPChaos', BY_IDENTITY, anything),
  foreignKind('AzureChaos', BY_IDENTITY, anything),
];

/** What each kind and action becomes, as a Markdown table. */
export function chaosMeshMarkdown(): string {
  const rows = chaosKinds.flatMap(({ kind, actions }) =>
    Object.entries(actions).map(([action, becomes]) => `| ${kind} | ${action} | ${becomes} |`),
  );
  return ['| kind | action | fault |', '| --- | --- | --- |', ...rows].join('\n');
}
