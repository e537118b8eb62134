/** StressChaos: foreign processes in a container take its processor time or its memory. */
import { z } from 'zod';
import { type ReadExperiment, refusal, together } from '../../fault-script/fault-draft.ts';
import { unread } from '../../unread-fields.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { memorySize } from '../chaos-quantity.ts';
import { containerSelectorFields, fields, maybe, text, texts, whole } from '../chaos-schema.ts';
import { onSelected } from '../on-selected.ts';
import { modeOf } from '../resolve-selector.ts';

const WORKERS = whole({ min: 0, max: 8192 });

const size = text.transform((written, context) => {
  const found = memorySize(written);
  if (found !== null) return found;
  const shown = JSON.stringify(written.slice(0, 40));
  context.addIssue({ code: 'custom', message: `${shown} is not a size such as 256MB or 50%` });
  return z.NEVER;
});

const whoDies = unread('which process the kernel kills first is not simulated');

const schema = fields({
  ...containerSelectorFields,
  stressors: maybe(
    fields({
      cpu: maybe(fields({ workers: WORKERS, load: maybe(whole({ min: 0, max: 100 })), options: maybe(texts) })),
      memory: maybe(fields({ workers: WORKERS, size: maybe(size), options: maybe(texts), oomScoreAdj: whoDies })),
    }),
  ),
  stressngStressors: maybe(text),
});

export const stressChaos: ChaosKind = chaosKind({
  kind: 'StressChaos',
  actions: {
    cpu: '`service.cpu-stress`: workers x load as a share of the CPU limit',
    memory: '`service.memory-stress`: the size as a multiple of the memory that a replica has left when idle',
    stressngStressors: '- options of stress-ng are not read',
  },
  schema,
  read: (spec, base) => {
    const { cpu, memory } = spec.stressors ?? {};
    if (spec.stressngStressors) return refusal('options of stress-ng (`stressngStressors`) are not read');
    return onSelected(spec, base, {
      service: (selected) => {
        const target = { target: selected.service, ...modeOf(selected) };
        const parts: ReadExperiment[] = [];
        if (cpu && cpu.workers > 0) {
          const stolenCores = (cpu.workers * (cpu.load ?? 100)) / 100;
          const stolenRatio = Math.min(1, stolenCores / base.cpuLimitCores(selected.service));
          const notes = notesOn(cpu.options);
          parts.push({
            drafts: [{ ...target, fault: 'service.cpu-stress', parameters: { stolenRatio }, notes }],
            refused: [],
          });
        }
        if (memory && memory.workers > 0) {
          const { freeBytes, limitBytes } = base.memory(selected.service);
          const wanted = memory.size ?? { ratio: 1 };
          const bytes = 'bytes' in wanted ? wanted.bytes : wanted.ratio * limitBytes;
          const share = 'bytes' in wanted ? [] : ['the percentage is taken of the memory limit'];
          const notes = [...share, ...notesOn(memory.options)];
          const parameters = { takenShare: bytes / freeBytes };
          parts.push({ drafts: [{ ...target, fault: 'service.memory-stress', parameters, notes }], refused: [] });
        }
        return parts.length > 0 ? together(...parts) : refusal('it has no stressor with workers');
      },
    });
  },
});

function notesOn(options: readonly string[] | null | undefined): string[] {
  return options?.length ? ['options of stress-ng are not looked at'] : [];
}
