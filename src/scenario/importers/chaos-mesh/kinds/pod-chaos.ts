/** PodChaos: processes die once, or do not answer for a while. */
import { z } from 'zod';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { fields, maybe, podSelectorFields, whole } from '../chaos-schema.ts';
import { onSelected } from '../on-selected.ts';
import { modeOf } from '../resolve-selector.ts';

const actions = ['pod-kill', 'pod-failure', 'container-kill'] as const;

const schema = fields({
  ...podSelectorFields,
  action: z.enum(actions, { error: `must be one of ${actions.join(', ')}` }),
  gracePeriod: maybe(whole({ min: 0, max: 86_400 })),
});

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
  actionFields: { gracePeriod: ['pod-kill'] },
  read: (spec, base) =>
    onSelected(spec, base, {
      service: (selected) => {
        const target = { target: selected.service, ...modeOf(selected) };
        if (spec.action === 'pod-failure') {
          const draft = { ...target, fault: 'service.hang', severity: 'mild', parameters: { probesAnswered: 0 } };
          return { drafts: [draft], refused: [] };
        }
        const graceSeconds = spec.action === 'pod-kill' ? (spec.gracePeriod ?? 0) : 0;
        const notes = spec.containerNames?.length ? ['a replica is one process here, whatever the container'] : [];
        const draft = {
          ...target,
          fault: 'service.kill',
          parameters: { graceSeconds, intervalSeconds: KILLED_ONCE_SECONDS },
          ownSeconds: graceSeconds + AFTER_KILL_SECONDS,
          notes,
        };
        return { drafts: [draft], refused: [] };
      },
    }),
});
