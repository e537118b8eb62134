/** DNSChaos: names do not resolve, or lead elsewhere, for some pods; here for a share of all calls to a service. */
import { z } from 'zod';
import type { BaseSystem } from '../../fault-script/base-system.ts';
import { type FaultDraft, type ReadExperiment, refusal } from '../../fault-script/fault-draft.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { containerSelectorFields, fields, maybe, text } from '../chaos-schema.ts';
import { countOf, resolveSelector, type SelectedService } from '../resolve-selector.ts';

const schema = fields({
  ...containerSelectorFields,
  action: z.enum(['error', 'random'], { error: 'must be error or random' }),
  patterns: maybe(z.array(text, { error: 'must be a list' }).max(1000, { error: 'has more than 1000 patterns' })),
});
type DnsSpec = z.output<typeof schema>;

export const dnsChaos: ChaosKind = chaosKind({
  kind: 'DNSChaos',
  actions: {
    error:
      '`service.dns-error` at each service that its patterns fit, for the share of calls that the selected pods make',
    random: '`service.dns-spoof`, in the same way',
  },
  schema,
  read,
});

function read(spec: DnsSpec, base: BaseSystem): ReadExperiment {
  const selection = resolveSelector(spec, base);
  if (selection.kind === 'nothing') return refusal(selection.reason);
  if (selection.kind === 'machines') return refusal('names resolve per service here, not per machine');
  if (selection.kind === 'everything' && spec.mode === 'one')
    return refusal('mode one chooses among the pods of all services');
  const selected: readonly SelectedService[] =
    selection.kind === 'services'
      ? selection.services
      : base.serviceNames.map((service) => ({
          service,
          mode: spec.mode,
          value: spec.value ?? undefined,
          named: [],
          isByName: false,
        }));
  const shares = new Map(selected.map((each) => [each.service, shareOf(each, base)]));
  const called = new Set(selected.flatMap(({ service }) => base.calleesOf(service)));
  const names = [...called].filter((name) => fits(name, spec.patterns ?? []));
  if (names.length === 0) return refusal(noNames(spec, [...shares.keys()]));
  const drafts = names.map((name) => draftFor(name, spec, { base, shares, notes: selection.notes }));
  return { drafts, refused: [] };
}

function noNames({ patterns }: DnsSpec, callers: readonly string[]): string {
  const what = patterns?.length ? `none of ${patterns.join(', ').slice(0, 120)} is` : 'no service is';
  return `${what} called by ${callers.slice(0, 5).join(', ')} in the scenario`;
}

/** Of a service's replicas, those that are selected. */
function shareOf(selected: SelectedService, base: BaseSystem): number {
  const replicas = base.replicas(selected.service);
  if (selected.mode === 'fixed-percent' || selected.mode === 'random-max-percent') return (selected.value ?? 100) / 100;
  return countOf(replicas, selected) / replicas;
}

interface Context {
  readonly base: BaseSystem;
  readonly shares: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

function draftFor(target: string, { action }: DnsSpec, { base, shares, notes }: Context): FaultDraft {
  const callers = base.callersOf(target);
  const all = callers.reduce((sum, { callsPerSecond }) => sum + callsPerSecond, 0);
  const hit = callers.reduce((sum, { name, callsPerSecond }) => sum + callsPerSecond * (shares.get(name) ?? 0), 0);
  const ratio = all > 0 ? Math.min(1, hit / all) : 1;
  const [fault, parameters] =
    action === 'error'
      ? ['service.dns-error', { failureRatio: ratio }]
      : ['service.dns-spoof', { misdirectedRatio: ratio }];
  const spread = ratio < 1 ? ['a share of all its callers is hit, not all calls of some of them'] : [];
  return { fault, target, parameters, notes: [...notes, ...spread] };
}

/** A name fits as it is, and with namespace and domain; `?` stands for any character, `*` at the end for any rest. */
function fits(name: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => {
    const written = pattern.toLowerCase();
    const isOpen = written.endsWith('*');
    const fixed = isOpen ? written.slice(0, -1) : written;
    const own = name.toLowerCase();
    if (matches(fixed, own, isOpen)) return true;
    // The namespace of the scenario's services is not known, so any will do.
    const [host = '', namespace, ...domain] = fixed.split('.');
    const isInCluster = namespace !== undefined && (domain.length === 0 || domain[0]?.startsWith('svc') === true);
    return isInCluster && matches(host, own, false);
  });
}

function matches(fixed: string, name: string, isOpen: boolean): boolean {
  if (isOpen ? name.length < fixed.length : name.length !== fixed.length) return false;
  return [...fixed].every((letter, index) => letter === '?' || letter === name[index]);
}
