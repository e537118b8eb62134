/** Reads an experiment for each thing that its selector leads to. */
import type { BaseSystem } from '../fault-script/base-system.ts';
import { type ReadExperiment, refusal, together, withNotes } from '../fault-script/fault-draft.ts';
import type { PodSelector } from './chaos-schema.ts';
import { countOf, resolveSelector, type SelectedService, type Selection } from './resolve-selector.ts';

/** What to do for services, and for machines where the kind can act on them. */
interface Readers {
  readonly service: (selected: SelectedService) => ReadExperiment;
  readonly machine?: (node: string) => ReadExperiment;
}

/** Everything is all services, if all their pods are meant. */
export function onSelected(written: PodSelector, base: BaseSystem, readers: Readers): ReadExperiment {
  return onSelection(resolveSelector(written, base), written, base, readers);
}

function onSelection(selection: Selection, written: PodSelector, base: BaseSystem, readers: Readers): ReadExperiment {
  switch (selection.kind) {
    case 'nothing':
      return refusal(selection.reason);
    case 'services':
      return remarked(together(...selection.services.map((each) => ofService(each, readers))), selection.notes);
    case 'everything': {
      if (written.mode !== 'all') return refusal(`mode ${written.mode} chooses among the pods of all services`);
      const services = base.serviceNames.map((service): SelectedService => {
        return { service, mode: 'all', value: undefined, named: [], isByName: false };
      });
      return remarked(together(...services.map(readers.service)), selection.notes);
    }
    case 'machines': {
      if (readers.machine === undefined) return refusal('it selects by machine, and this is nothing a machine has');
      if (written.mode !== 'all') return refusal(`mode ${written.mode} chooses among all that runs on a machine`);
      return remarked(together(...selection.nodes.map(readers.machine)), selection.notes);
    }
  }
}

/** Where replicas are meant by name, a fault that draws some of a service is not quite that; one on their disks is. */
function ofService(selected: SelectedService, { service }: Readers): ReadExperiment {
  const { drafts, refused } = service(selected);
  if (!selected.isByName) return { drafts, refused };
  const drawn = drafts.map((draft) => (draft.mode === undefined ? draft : withNotes(draft, [BY_NAME])));
  return { drafts: drawn, refused };
}

const BY_NAME = 'so many of its replicas, drawn at random, not those that are named';

/** The same with remarks on every fault. */
export function remarked({ drafts, refused }: ReadExperiment, notes: readonly string[]): ReadExperiment {
  return { drafts: drafts.map((draft) => withNotes(draft, notes)), refused };
}

/** Disks of the replicas that are selected. */
export function selectedDisks(selected: SelectedService, base: BaseSystem): readonly string[] {
  const disks = base.disksOf(selected.service);
  const named = selected.named.flatMap((replica) => disks[replica] ?? []);
  if (named.length > 0) return named;
  return disks.slice(0, countOf(disks.length, selected));
}

/** Machines of the replicas that are selected, each once, where the scenario says on which they run. */
export function selectedMachines(selected: SelectedService, base: BaseSystem): readonly string[] {
  const machines = base.machinesOf(selected.service);
  const named = selected.named.flatMap((replica) => machines[replica] ?? []);
  return [...new Set(named.length > 0 ? named : machines.slice(0, countOf(machines.length, selected)))];
}

/** Why nothing can be done to the machines of a service that the scheduler places. */
export function noMachines(service: string): string {
  return `the scenario does not say on which machines ${service} runs (\`nodes\`)`;
}
