/** The Kubernetes driver: pods, deployments, machines, policies and names. */
import { z } from 'zod';
import type { PodSelector } from '../../chaos-mesh/chaos-schema.ts';
import { KILLED_ONCE_SECONDS } from '../../chaos-mesh/kinds/pod-chaos.ts';
import { countOf, modeOf, resolveSelector, type Selection } from '../../chaos-mesh/resolve-selector.ts';
import type { FaultDraft } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread } from '../../unread-fields.ts';
import { type ActionEffect, type DriverAction, driverAction, foreignAction } from '../driver-action.ts';
import { number, text, yesOrNo } from '../experiment-schema.ts';
import { labelSelector } from './label-selector.ts';

/** What Kubernetes gives a pod to end by itself, unless told otherwise. */
const GRACE_SECONDS = 30;
const IS_MAP = { error: 'must be a map of arguments' };

const nothing = (reason: string): ActionEffect => ({ kind: 'nothing', reason });

function starts(drafts: readonly FaultDraft[], rest: { key?: string; seconds?: number } = {}): ActionEffect {
  return { kind: 'starts', experiment: { drafts, refused: [] }, ...rest };
}

const pods = z.looseObject(
  {
    label_selector: text.nullish(),
    name_pattern: text.nullish(),
    name: text.nullish(),
    all: yesOrNo.nullish(),
    mode: text.nullish(),
    qty: number({ min: 1, max: 1e5 }).nullish(),
    grace_period: number({ min: -1, max: 86_400 }).nullish(),
    // Which of the pods it is does not matter: they are drawn at random.
    ...fieldsLike(harmless, 'rand', 'order'),
  },
  IS_MAP,
);
type Pods = z.output<typeof pods>;

function podSelectorOf({ label_selector, all, mode, qty }: Pods): PodSelector | null {
  const selector = label_selector ? labelSelector(label_selector) : {};
  if (selector === null) return null;
  if (all === true) return { selector, mode: 'all' };
  if (mode === 'percentage') return { selector, mode: 'fixed-percent', value: qty ?? 1 };
  return (qty ?? 1) === 1 ? { selector, mode: 'one' } : { selector, mode: 'fixed', value: qty };
}

/** Pods by a pattern of their names: those of the services whose pods could have such a name. */
function byPattern(given: Pods, services: readonly string[]): Selection | null {
  const pattern = given.name_pattern ?? given.name;
  if (!pattern) return null;
  const bare = pattern
    .replace(/^\^/, '')
    .split(/[^\w-]/, 1)
    .join('');
  const service = [...services]
    .sort((a, b) => b.length - a.length)
    .find((name) => bare === name || bare.startsWith(`${name}-`));
  if (service === undefined)
    return { kind: 'nothing', reason: `no service's pods have names like ${pattern.slice(0, 80)}` };
  const { mode = 'one', value } = podSelectorOf({ ...given, label_selector: null }) ?? {};
  return {
    kind: 'services',
    services: [{ service, mode, value: value ?? undefined, named: [], isByName: false }],
    notes: [],
  };
}

function killAction(func: string): DriverAction {
  return driverAction({
    module: 'chaosk8s.pod.actions',
    func,
    becomes: '`service.kill`, once',
    schema: pods,
    read: (given, { base }) => {
      const selector = podSelectorOf(given);
      if (selector === null) return nothing(`${given.label_selector} is no label selector`);
      const selection = byPattern(given, base.serviceNames) ?? resolveSelector(selector, base);
      if (selection.kind === 'nothing') return nothing(selection.reason);
      if (selection.kind !== 'services') return nothing('it selects the pods of all services');
      const own = given.grace_period !== null && given.grace_period !== undefined && given.grace_period >= 0;
      const graceSeconds = own ? (given.grace_period ?? 0) : GRACE_SECONDS;
      const notes = own ? [] : [`pods end by themselves within ${GRACE_SECONDS} s, as Kubernetes has it by default`];
      return starts(
        selection.services.map((selected) => ({
          fault: 'service.kill',
          target: selected.service,
          ...modeOf(selected),
          parameters: { graceSeconds, intervalSeconds: KILLED_ONCE_SECONDS },
          ownSeconds: graceSeconds + 1,
          notes: [...selection.notes, ...notes],
        })),
      );
    },
  });
}

const scale = z.looseObject({ name: text, replicas: number({ min: 0, max: 1e5 }) }, IS_MAP);

function scaleAction(module: string, func: string): DriverAction {
  return driverAction({
    module,
    func,
    becomes: '`service.scale-down` to so many replicas, until it is scaled up again',
    schema: scale,
    read: ({ name, replicas }, { base }) => {
      const service = base.serviceOf(name);
      if (service === undefined) return nothing(`there is no service ${name.slice(0, 80)} in the scenario`);
      const before = base.replicas(service);
      if (replicas >= before) return { kind: 'ends', keys: `scale/${service}/` };
      const value = before - replicas;
      const mode = replicas === 0 ? { mode: 'all' as const } : { mode: 'fixed' as const, value };
      return starts([{ fault: 'service.scale-down', target: service, ...mode }], { key: `scale/${service}/` });
    },
  });
}

const named = z.looseObject({ name: text.nullish(), label_selector: text.nullish() }, IS_MAP);

/** Everything of a deployment is gone. */
function deleteAction(module: string, func: string): DriverAction {
  return driverAction({
    module,
    func,
    becomes: '`service.scale-down` of all replicas',
    schema: named,
    read: ({ name, label_selector }, { base }) => {
      const selector = label_selector ? labelSelector(label_selector) : null;
      const selection = selector && resolveSelector({ selector, mode: 'all' }, base);
      const byLabel = selection?.kind === 'services' ? selection.services.map(({ service }) => service) : [];
      const services = name ? [base.serviceOf(name)].filter((each) => each !== undefined) : byLabel;
      if (services.length === 0) return nothing(`no service is called ${String(name ?? label_selector).slice(0, 80)}`);
      return starts(services.map((target) => ({ fault: 'service.scale-down', target, mode: 'all' })));
    },
  });
}

const machines = z.looseObject(
  {
    name: text.nullish(),
    label_selector: text.nullish(),
    count: number({ min: 1, max: 1e5 }).nullish(),
    all: yesOrNo.nullish(),
    rand: yesOrNo.nullish(),
    ...fieldsLike(harmless, 'pod_namespace', 'delete_pods_with_local_storage'),
    ...fieldsLike(unread('a machine takes as long as it takes here'), 'timeout', 'grace_period_seconds'),
    pod_label_selector: unread('machines are not chosen by the pods on them'),
  },
  IS_MAP,
);

/** Of the machines that it selects, only the first is deleted unless it says otherwise. */
function deletedCount({ all, rand, count }: z.output<typeof machines>): number | undefined {
  if (all === true) return undefined;
  return rand === true ? 1 : (count ?? 1);
}

function machineAction(func: string, fault: string): DriverAction {
  return driverAction({
    module: 'chaosk8s.node.actions',
    func,
    becomes: fault === '' ? 'the end of `node.drain`' : `\`${fault}\``,
    schema: machines,
    read: (given, { base }) => {
      const { name, label_selector } = given;
      const count = func === 'delete_nodes' ? deletedCount(given) : given.count;
      const labels = label_selector ? labelSelector(label_selector)?.labelSelectors : undefined;
      const host = labels?.['kubernetes.io/hostname'];
      const zone = labels?.['topology.kubernetes.io/zone'];
      const names = [
        ...[name, host].filter((each) => typeof each === 'string'),
        ...(zone ? base.nodesOfZone(zone) : []),
      ];
      const nodes = names.flatMap((each) => base.nodeOf(each) ?? []);
      if (nodes.length === 0) return nothing('it names no machine of the scenario');
      if (fault === '') return { kind: 'ends', keys: nodes.length === 1 ? `machine/${nodes[0]}/` : 'machine/' };
      const chosen = count ? nodes.slice(0, countOf(nodes.length, { mode: 'fixed', value: count })) : nodes;
      const key = chosen.length === 1 ? `machine/${chosen[0]}/` : 'machine/';
      return starts(
        chosen.map((target) => ({ fault, target })),
        { key },
      );
    },
  });
}

const policy = z.looseObject(
  { label_selectors: z.record(z.string(), text, { error: 'must be a map' }).nullish() },
  IS_MAP,
);

function denyAction(func: string, direction: 'to' | 'from'): DriverAction {
  return driverAction({
    module: 'chaosk8s.networking.actions',
    func,
    becomes: `\`service.partition\` of what the service ${direction === 'to' ? 'sends' : 'gets'}`,
    schema: policy,
    read: ({ label_selectors }, { base }) => {
      const selection = resolveSelector({ selector: { labelSelectors: label_selectors ?? {} }, mode: 'all' }, base);
      if (selection.kind === 'nothing') return nothing(selection.reason);
      const services =
        selection.kind === 'services' ? selection.services.map(({ service }) => service) : base.serviceNames;
      const drafts = services.map((target) => ({
        fault: 'service.partition',
        target,
        mode: 'all' as const,
        direction,
      }));
      return starts(drafts, { key: `policy/${direction}/` });
    },
  });
}

function allowAction(func: string, direction: 'to' | 'from'): DriverAction {
  return {
    module: 'chaosk8s.networking.actions',
    func,
    becomes: 'the end of that',
    read: () => ({ kind: 'ends', keys: `policy/${direction}/` }),
  };
}

function deleteServiceAction(module: string, func: string): DriverAction {
  return driverAction({
    module,
    func,
    becomes: '`service.dns-error`: the name does not resolve any more',
    schema: z.looseObject({ name: text }, IS_MAP),
    read: ({ name }, { base }) => {
      const target = base.serviceOf(name);
      if (target === undefined) return nothing(`there is no service ${name.slice(0, 80)} in the scenario`);
      return starts([{ fault: 'service.dns-error', target, parameters: { failureRatio: 1 } }]);
    },
  });
}

export const kubernetesActions: readonly DriverAction[] = [
  killAction('terminate_pods'),
  killAction('delete_pods'),
  scaleAction('chaosk8s.deployment.actions', 'scale_deployment'),
  scaleAction('chaosk8s.statefulset.actions', 'scale_statefulset'),
  scaleAction('chaosk8s.actions', 'scale_microservice'),
  deleteAction('chaosk8s.deployment.actions', 'delete_deployment'),
  deleteAction('chaosk8s.statefulset.actions', 'remove_statefulset'),
  deleteAction('chaosk8s.actions', 'kill_microservice'),
  machineAction('drain_nodes', 'node.drain'),
  machineAction('uncordon_node', ''),
  machineAction('delete_nodes', 'node.down'),
  foreignAction(
    'chaosk8s.node.actions',
    'cordon_node',
    'a machine that takes no new replicas changes nothing by itself',
  ),
  denyAction('deny_all_ingress', 'from'),
  allowAction('remove_deny_all_ingress', 'from'),
  denyAction('deny_all_egress', 'to'),
  allowAction('remove_deny_all_egress', 'to'),
  deleteServiceAction('chaosk8s.service.actions', 'delete_service'),
  deleteServiceAction('chaosk8s.actions', 'remove_service_endpoint'),
  foreignAction('chaosk8s.deployment.actions', 'rollout_deployment', 'a new release that is no worse is no fault'),
  foreignAction('chaosk8s.pod.actions', 'exec_in_pods', 'what a command does inside a container is not simulated'),
];
