/** Faults of machines: what can be said of them by name, without the identities that clouds give them. */
import { type ExportedFault, parameterOf } from '../../exported-fault.ts';
import { type MeshContext, type MeshForm, without } from '../mesh-form.ts';
import { machineFields } from '../mesh-selectors.ts';
import { durationText } from '../mesh-text.ts';

const cpuStress: MeshForm = (fault, context) => {
  const cores = parameterOf(fault, 'stolenCoreShare') * coresOf(fault, context);
  const workers = Math.max(1, Math.ceil(cores - 1e-9));
  const load = Math.max(1, Math.min(100, Math.round((100 * cores) / workers)));
  const spec = {
    action: 'stress-cpu',
    mode: 'all',
    selector: { physicalMachines: { [context.names.namespace]: [fault.target] } },
    'stress-cpu': { workers, load },
  };
  const losses = [`needs chaosd on the machine, and a PhysicalMachine called ${fault.target}`];
  return [{ kind: 'PhysicalMachineChaos', spec, losses }];
};

const clockSkew: MeshForm = (fault, context) => [
  {
    kind: 'TimeChaos',
    spec: { ...machineFields(fault.target, context), timeOffset: durationText(parameterOf(fault, 'skewSeconds')) },
    losses: ['the clocks of the pods on the machine are off, not its own'],
  },
];

function coresOf({ target }: ExportedFault, { scenario }: MeshContext): number {
  return scenario.cluster.nodes.find(({ name }) => name === target)?.cores ?? 1;
}

export const machineForms: Readonly<Record<string, MeshForm>> = {
  'node.cpu-stress': cpuStress,
  'node.clock-skew': clockSkew,
  'node.down': without(
    'a machine that is off: AWSChaos, GCPChaos or AzureChaos stop one by the identity that its cloud gave it',
  ),
  'node.drain': without('a machine that is emptied: `kubectl drain`'),
  'link.flood': without('foreign traffic on a link: it needs a machine that takes it'),
};
