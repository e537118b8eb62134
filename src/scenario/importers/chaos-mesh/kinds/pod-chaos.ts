/** PodChaos: processes die once, or do not answer for a while. */
import { z } from 'zod';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { containerSelectorFields, fields, maybe, whole } from '../chaos-schema.ts';
import { onSelected } from '../on-selected.ts';
import { modeOf } from '../resolve-selector.ts';

const actions = ['pod-kill', 'pod-failure', 'container-kill'] as const;

const schema = fields({
  ...containerSelectorFields,
  action: z.enum(actions, { error: `must be one of ${actions.join(', ')}` }),
  gracePeriod: maybe(whole({ min: 0, max: 86_400 })),
});
type PodSpec = z.output<typeof schema>;

/** An interval so long that nothing is killed twice, and how long a fault stays that has done its work. */
export const KILLED_ONCE_SECONDS = 1e6;
const AFTER_KILL_SECONDS = 1;

export const podChaos: ChaosKind = chaosKind({
  kind: 'PodChaos',
  actions: {
    'pod-kill': '`service.kill`, once',
    'container-kill': '`service.kill`, once',
    'pod-failure': '`service.hang` with probes that fail',
  },
  schema,
  actionFields: { gracePeriod: ['pod-kill'], containerNames: ['container-kill'] },
  read: (spec, base) =>
    onSelected(ofAction(spec), base, {
      service: (selected) => {
        const target = { target: selected.service, ...modeOf(selected) };
        if (spec.action === 'pod-failure') {
          const draft = { ...target, fault: 'service.hang', severity: 'mild', parameters: { probesAnswered: 0 } };
          return { drafts: [draft], refused: [] };
        }
        const graceSeconds = spec.action === 'pod-kill' ? (spec.gracePeriod ?? 0) : 0;
        const draft = {
          ...target,
          fault: 'service.kill',
          parameters: { graceSeconds, intervalSeconds: KILLED_ONCE_SECONDS },
          ownSeconds: graceSeconds + AFTER_KILL_SECONDS,
        };
        return { drafts: [draft], refused: [] };
      },
    }),
});

/** The other actions are for whole pods, whatever containers are named. */
function ofAction(spec: PodSpec): PodSpec {
  return spec.action === 'container-kill' ? spec : { ...spec, containerNames: undefined };
}
