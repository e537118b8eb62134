/** Faults of names as DNSChaos: seen from a service here, there from those who call it. */
import { type ExportedFault, parameterOf } from '../../exported-fault.ts';
import type { MeshContext, MeshForm } from '../mesh-form.ts';
import { servicesSelector } from '../mesh-selectors.ts';
import { wholePercent } from '../mesh-text.ts';

function dns(action: 'error' | 'random', parameter: string): MeshForm {
  return (fault, context) => {
    const callers = callersOf(fault, context);
    if (callers.length === 0) return 'no service calls it';
    const { namespace } = context.names;
    const ratio = parameterOf(fault, parameter);
    const amount = ratio === 1 ? { mode: 'all' } : { mode: 'fixed-percent', value: String(wholePercent(ratio)) };
    const patterns = [fault.target, `${fault.target}.${namespace}`, `${fault.target}.${namespace}.svc.cluster.local`];
    const losses = ratio === 1 ? [] : ['all calls of a share of the callers, not a share of all calls'];
    const spec = { action, ...amount, selector: servicesSelector(callers, context), patterns };
    return [{ kind: 'DNSChaos', spec, losses }];
  };
}

function callersOf({ target }: ExportedFault, { scenario }: MeshContext): string[] {
  const { services, calls } = scenario.cluster;
  const index = services.findIndex(({ name }) => name === target);
  return calls.flatMap(({ caller, callee }) => (callee === index ? (services[caller]?.name ?? []) : []));
}

export const nameForms: Readonly<Record<string, MeshForm>> = {
  'service.dns-error': dns('error', 'failureRatio'),
  'service.dns-spoof': dns('random', 'misdirectedRatio'),
};
