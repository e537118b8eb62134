/** Faults of disks as IOChaos on the volume of one replica. */
import { type ExportedFault, parameterOf } from '../../exported-fault.ts';
import { type MeshContext, type MeshForm, without } from '../mesh-form.ts';
import { diskFields } from '../mesh-selectors.ts';
import { durationText, wholePercent } from '../mesh-text.ts';

const IO_ERROR = 5;
const NO_SPACE_LEFT = 28;
const READ_ONLY_FILE_SYSTEM = 30;
/** Operations that take so long do not end. */
const ENDLESS = '1h';
/** How much of what is read is wrong. */
const MISTAKE = { filling: 'zero', maxOccurrences: 1, maxLength: 4096 };

function io(action: (fault: ExportedFault, context: MeshContext) => object, losses: readonly string[] = []): MeshForm {
  return (fault, context) => {
    const { volumePath } = context.names;
    const spec = { ...action(fault, context), ...diskFields(fault.target, context), volumePath };
    return [{ kind: 'IOChaos', spec, losses: [...losses, 'the pod is named as one of a stateful set'] }];
  };
}

export const diskForms: Readonly<Record<string, MeshForm>> = {
  'disk.fill': io(
    () => ({ action: 'fault', errno: NO_SPACE_LEFT, percent: 100 }),
    ['every operation fails as on a full disk, at once, and freeing space does not help'],
  ),
  'disk.latency': io((fault) => ({
    action: 'latency',
    delay: durationText(parameterOf(fault, 'delaySeconds')),
    percent: 100,
  })),
  'disk.slow': io(
    (fault, context) => {
      const service = context.scenario.cluster.services.find(({ name }) => fault.target.startsWith(`${name}-disk-`));
      const operation = 1 / (service?.storage?.operationsPerSecondMax ?? 1000);
      return {
        action: 'latency',
        delay: durationText((parameterOf(fault, 'slowFactor') - 1) * operation),
        percent: 100,
      };
    },
    ['a multiple of the time of an operation becomes a delay of every operation'],
  ),
  'disk.errors': io((fault) => ({
    action: 'fault',
    errno: IO_ERROR,
    percent: wholePercent(parameterOf(fault, 'errorRatio')),
  })),
  'disk.corrupt': io((fault) => ({
    action: 'mistake',
    mistake: MISTAKE,
    methods: ['READ'],
    percent: wholePercent(parameterOf(fault, 'corruptRatio')),
  })),
  'disk.read-only': io(
    () => ({ action: 'fault', errno: READ_ONLY_FILE_SYSTEM, percent: 100 }),
    ['mounting it anew does not help'],
  ),
  'disk.pause': io(() => ({ action: 'latency', delay: ENDLESS, percent: 100 })),
  'disk.stress': without('foreign operations on the disk of one replica'),
  'disk.lost': without('a disk that is gone for good: detach the volume'),
};
