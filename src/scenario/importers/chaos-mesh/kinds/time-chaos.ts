/** TimeChaos: clocks are off. Clocks are those of machines here. */
import { type ReadExperiment, refusal } from '../../fault-script/fault-draft.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { containerSelectorFields, fields, maybe, offset, texts } from '../chaos-schema.ts';
import { noMachines, onSelected, remarked, selectedMachines } from '../on-selected.ts';

const schema = fields({ ...containerSelectorFields, timeOffset: offset, clockIds: maybe(texts) });

export const timeChaos: ChaosKind = chaosKind({
  kind: 'TimeChaos',
  actions: {
    timeOffset: '`node.clock-skew` by machine, or on the machines of a service where the scenario states them; else -',
  },
  schema,
  read: (spec, base) => {
    const onMachine = (target: string): ReadExperiment => ({
      drafts: [{ fault: 'node.clock-skew', target, parameters: { skewSeconds: Math.abs(spec.timeOffset) } }],
      refused: [],
    });
    const notes = [
      ...(spec.timeOffset < 0 ? ['a clock is off here, not slow or fast'] : []),
      ...(spec.clockIds?.length ? ['all clocks of a machine are meant'] : []),
    ];
    const found = onSelected(spec, base, {
      service: (selected) => {
        const machines = selectedMachines(selected, base);
        if (machines.length === 0) return refusal(`clocks are those of machines, and ${noMachines(selected.service)}`);
        const drafts = machines.flatMap((node) => onMachine(node).drafts);
        return remarked({ drafts, refused: [] }, [`all that runs on the machines of ${selected.service} is meant`]);
      },
      machine: onMachine,
    });
    return remarked(found, notes);
  },
});
