/** IOChaos and BlockChaos: the disks of replicas are late, fail or lie. */
import { z } from 'zod';
import type { BaseSystem } from '../../fault-script/base-system.ts';
import { type FaultDraft, type ReadExperiment, refusal } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread } from '../../unread-fields.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import {
  containerSelectorFields,
  duration,
  fields,
  maybe,
  type PodSelector,
  text,
  texts,
  whole,
} from '../chaos-schema.ts';
import { onSelected, remarked, selectedDisks } from '../on-selected.ts';

const actions = ['latency', 'fault', 'attrOverride', 'mistake'] as const;

/** Error numbers of Linux that are faults of their own. */
const NO_SPACE_LEFT = 28;
const READ_ONLY_FILE_SYSTEM = 30;
/** Operations that take so long do not end. */
const ENDLESS_SECONDS = 3600;

const schema = fields({
  ...containerSelectorFields,
  action: z.enum(actions, { error: `must be one of ${actions.join(', ')}` }),
  delay: maybe(duration),
  errno: maybe(whole({ min: 0, max: 4095 })),
  percent: maybe(whole({ min: 0, max: 100 })),
  methods: maybe(texts),
  path: maybe(text),
  volumePath: harmless,
  attr: maybe(fields({})),
  // What is read is wrong, whatever it is filled with.
  mistake: maybe(fields(fieldsLike(harmless, 'filling', 'maxOccurrences', 'maxLength'))),
}).superRefine(({ action, delay, errno }, context) => {
  if (action === 'latency' && delay === undefined)
    context.addIssue({ code: 'custom', path: ['delay'], message: 'is missing, and the action is latency' });
  if (action === 'fault' && !errno)
    context.addIssue({
      code: 'custom',
      path: ['errno'],
      message: 'must be an error number, since the action is fault',
    });
});
type IoSpec = z.output<typeof schema>;

export const ioChaos: ChaosKind = chaosKind({
  kind: 'IOChaos',
  actions: {
    latency: '`disk.latency`; of an hour and more `disk.pause`',
    fault:
      '`disk.errors`; of every operation with errno 28 (no space left) `disk.fill`, with errno 30 `disk.read-only`',
    mistake: '`disk.corrupt`',
    attrOverride: '- files have no attributes here',
  },
  schema,
  actionFields: { delay: ['latency'], errno: ['fault'], attr: ['attrOverride'], mistake: ['mistake'] },
  read: (spec, base) => {
    const fault = diskFault(spec);
    if (typeof fault === 'string') return refusal(fault);
    return onDisks(spec, base, fault, [
      ...(spec.methods?.length ? ['all operations are meant, not only some methods'] : []),
      ...(spec.path && !/^[/*]*$/.test(spec.path) ? ['the whole disk is meant, not only some files'] : []),
    ]);
  },
});

/** Text = why there is none. */
function diskFault({ action, delay, errno, percent }: IoSpec): Omit<FaultDraft, 'target'> | string {
  const ratio = (percent ?? 100) / 100;
  switch (action) {
    case 'attrOverride':
      return 'files have no attributes here';
    case 'latency': {
      const seconds = delay ?? 0;
      if (seconds >= ENDLESS_SECONDS && ratio === 1) return { fault: 'disk.pause' };
      const notes = ratio === 1 ? [] : [`every operation is late by its share, not ${percent} % of them by all of it`];
      return { fault: 'disk.latency', parameters: { delaySeconds: ratio * seconds }, notes };
    }
    case 'fault':
      if (errno === NO_SPACE_LEFT && ratio === 1)
        return { fault: 'disk.fill', parameters: { usedRatio: 1, growSeconds: 0 } };
      if (errno === READ_ONLY_FILE_SYSTEM && ratio === 1) return { fault: 'disk.read-only' };
      return { fault: 'disk.errors', parameters: { errorRatio: ratio } };
    case 'mistake':
      return {
        fault: 'disk.corrupt',
        parameters: { corruptRatio: ratio },
        notes: ['what is read is wrong, whatever it is filled with'],
      };
  }
}

const blockSchema = fields({
  ...containerSelectorFields,
  action: z.enum(['delay'], { error: 'must be delay' }),
  volumeName: harmless,
  delay: fields({ latency: duration, jitter: maybe(duration), correlation: unread('disks have no jitter') }),
});

export const blockChaos: ChaosKind = chaosKind({
  kind: 'BlockChaos',
  actions: { delay: '`disk.latency`' },
  schema: blockSchema,
  read: (spec, base) => {
    const fault = { fault: 'disk.latency', parameters: { delaySeconds: spec.delay.latency } };
    return onDisks(spec, base, fault, spec.delay.jitter ? ['disks have no jitter'] : []);
  },
});

function onDisks(
  spec: PodSelector,
  base: BaseSystem,
  fault: Omit<FaultDraft, 'target'>,
  notes: readonly string[],
): ReadExperiment {
  return onSelected(spec, base, {
    service: (selected) => {
      const disks = selectedDisks(selected, base);
      if (disks.length === 0) return refusal(`${selected.service} has no disk in the scenario`);
      const isChoice = selected.named.length === 0 && disks.length < base.replicas(selected.service);
      const chosen = isChoice ? ['the first disks stand for those that would be drawn'] : [];
      return remarked({ drafts: disks.map((target) => ({ ...fault, target })), refused: [] }, [...notes, ...chosen]);
    },
  });
}
