/** JVMChaos: methods of a Java program are late or throw, its collector runs, its processor is busy. */
import { z } from 'zod';
import { type FaultDraft, refusal } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless } from '../../unread-fields.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { containerSelectorFields, fields, maybe, text, whole } from '../chaos-schema.ts';
import { onSelected } from '../on-selected.ts';
import { modeOf } from '../resolve-selector.ts';

const actions = ['latency', 'return', 'exception', 'stress', 'gc', 'ruleData', 'mysql'] as const;

const schema = fields({
  ...containerSelectorFields,
  action: z.enum(actions, { error: `must be one of ${actions.join(', ')}` }),
  latency: maybe(whole({ min: 0, max: 1e9 })),
  cpuCount: maybe(whole({ min: 0, max: 10_000 })),
  memType: maybe(text),
  ...fieldsLike(harmless, 'returnValue', 'exception', 'ruleData'),
  // Which method it is does not matter: every request is meant.
  ...fieldsLike(harmless, 'class', 'method', 'port', 'pid', 'name'),
  ...fieldsLike(harmless, 'mysqlConnectorVersion', 'database', 'table', 'sqlType'),
});
type JvmSpec = z.output<typeof schema>;

/** One collection of a middling heap, and nothing after it. */
const COLLECTION_SECONDS = 2;
const NO_FURTHER_SECONDS = 1e6;

export const jvmChaos: ChaosKind = chaosKind({
  kind: 'JVMChaos',
  actions: {
    latency: '`service.rpc-delay`',
    exception: '`service.errors`',
    gc: '`service.gc-pause`, one pause of assumed length',
    'stress (cpuCount)': '`service.cpu-stress`',
    'stress (memType)': '- how much memory is taken is not stated',
    'return, ruleData, mysql': '- what a program does inside is not simulated',
  },
  schema,
  actionFields: {
    latency: ['latency', 'mysql'],
    exception: ['exception', 'mysql'],
    returnValue: ['return'],
    ruleData: ['ruleData'],
    cpuCount: ['stress'],
    memType: ['stress'],
  },
  read: (spec, base) =>
    onSelected(spec, base, {
      service: (selected) => {
        const fault = jvmFault(spec, base.cpuLimitCores(selected.service));
        if (typeof fault === 'string') return refusal(fault);
        return { drafts: [{ ...fault, target: selected.service, ...modeOf(selected) }], refused: [] };
      },
    }),
});

const EVERY_REQUEST = 'every request is meant, not only those that reach the method';

/** Text = why there is none. */
function jvmFault({ action, latency, cpuCount }: JvmSpec, limitCores: number): Omit<FaultDraft, 'target'> | string {
  switch (action) {
    case 'latency':
      return {
        fault: 'service.rpc-delay',
        parameters: { delaySeconds: (latency ?? 0) / 1000 },
        notes: [EVERY_REQUEST],
      };
    case 'exception':
      return { fault: 'service.errors', parameters: { errorRatio: 1 }, notes: [EVERY_REQUEST] };
    case 'gc':
      return {
        fault: 'service.gc-pause',
        parameters: { pauseSeconds: COLLECTION_SECONDS, runSeconds: NO_FURTHER_SECONDS },
        ownSeconds: COLLECTION_SECONDS + 1,
        notes: [`how long the pause is depends on the program; ${COLLECTION_SECONDS} s are assumed`],
      };
    case 'stress':
      if (!cpuCount) return 'how much memory is taken is not stated';
      return { fault: 'service.cpu-stress', parameters: { stolenRatio: Math.min(1, cpuCount / limitCores) } };
    default:
      return `what a program does inside (${action}) is not simulated`;
  }
}
