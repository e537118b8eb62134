/** The Kubernetes driver's actions that create Chaos Mesh objects. */
import { z } from 'zod';
import { parseYaml } from '../../../yaml-source.ts';
import { chaosKinds } from '../../chaos-mesh/kinds.ts';
import { commonFields, unreadOf } from '../../chaos-mesh/unread-of.ts';
import { checkedPart } from '../../checked-part.ts';
import { refusal, together } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread } from '../../unread-fields.ts';
import { type ActionContext, type ActionEffect, type DriverAction, driverAction } from '../driver-action.ts';
import { text } from '../experiment-schema.ts';
import { labelSelector } from './label-selector.ts';

const IS_MAP = { error: 'must be a map of arguments' };
const NETWORK = 'chaosk8s.chaosmesh.network.actions';
const STRESS = 'chaosk8s.chaosmesh.stress.actions';
const CRD = 'chaosk8s.crd.actions';

const selectors = z
  .union([text, z.record(z.string(), text)], { error: 'must be labels as text or as a map' })
  .nullish();

/** By what an object is found in the cluster. */
const address = fieldsLike(harmless, 'group', 'version', 'plural');

/** Arguments that all actions of Chaos Mesh share. */
const common = z.looseObject(
  {
    name: text,
    label_selectors: selectors,
    mode: text.nullish(),
    mode_value: text.nullish(),
    direction: text.nullish(),
    duration: text.nullish(),
    external_targets: z.union([text, z.array(text)]).nullish(),
    target_mode: text.nullish(),
    target_mode_value: text.nullish(),
    target_label_selectors: selectors,
    ...fieldsLike(harmless, 'namespaces_selectors', 'target_namespaces_selectors'),
    ...fieldsLike(unread('a scenario has no annotations'), 'annotations_selectors', 'target_annotations_selectors'),
  },
  IS_MAP,
);
type Common = z.output<typeof common>;

/** With arguments that are checked as fields of the object that they become. */
function withOwn(names: readonly string[]): typeof common {
  return common.extend(fieldsLike(harmless, ...names)) as typeof common;
}

/** Both as text and as a map. */
function selectorOf(written: Common['label_selectors']): object {
  if (typeof written !== 'string') return { labelSelectors: written ?? {} };
  return labelSelector(written) ?? { labelSelectors: { selector: written } };
}

/** Reads a Chaos Mesh object as the object itself would be. */
function mesh(kind: string, spec: object, context: ActionContext, key?: string): ActionEffect {
  const known = chaosKinds.find((each) => each.kind === kind);
  if (known === undefined) return { kind: 'nothing', reason: `${kind.slice(0, 80)} is no experiment` };
  const { part, subject, base } = context;
  const own = { ...part, value: spec };
  const experiment = together(
    known.read(checkedPart(known.schema, own, subject), base),
    refusal(...unreadOf(known, own)),
  );
  const lasts = checkedPart(commonFields, own, subject).duration;
  return {
    kind: 'starts',
    experiment,
    ...(key === undefined ? {} : { key }),
    ...(typeof lasts === 'number' ? { seconds: lasts } : {}),
  };
}

/** An action with arguments of its own. */
interface OwnForm {
  readonly func: string;
  readonly names: readonly string[];
  readonly spec: (given: Fields) => object;
}

function networkAction(action: string, { func, names, spec }: OwnForm): DriverAction {
  return driverAction({
    module: NETWORK,
    func,
    becomes: `as NetworkChaos ${action}`,
    schema: withOwn(names),
    read: (given, context) => {
      const { name, target_label_selectors: target, external_targets: external } = given;
      const own = {
        action,
        selector: selectorOf(given.label_selectors),
        mode: given.mode ?? 'one',
        value: given.mode_value ?? undefined,
        direction: given.direction ?? 'to',
        ...(external ? { externalTargets: typeof external === 'string' ? external.split(',') : external } : {}),
        ...(target
          ? {
              target: {
                selector: selectorOf(target),
                mode: given.target_mode ?? 'one',
                value: given.target_mode_value ?? undefined,
              },
            }
          : {}),
        ...spec(given),
      };
      return mesh('NetworkChaos', own, context, `network/${name}/`);
    },
  });
}

type Fields = Readonly<Record<string, unknown>>;

function stressAction(kind: string, { func, names, spec: stressors }: OwnForm): DriverAction {
  return driverAction({
    module: STRESS,
    func,
    becomes: `as StressChaos ${kind}`,
    schema: withOwn(names),
    read: (given, context) => {
      const spec = {
        selector: selectorOf(given.label_selectors),
        mode: given.mode ?? 'one',
        value: given.mode_value ?? undefined,
        duration: given.duration ?? '30s',
        stressors: stressors(given),
      };
      return mesh('StressChaos', spec, context, `stress/${given.name}/`);
    },
  });
}

const object = z.looseObject(
  { resource: z.looseObject({}).nullish(), resource_as_yaml_file: text.nullish(), ...address },
  IS_MAP,
);

function createAction(func: string): DriverAction {
  return driverAction({
    module: CRD,
    func,
    becomes: 'as the Chaos Mesh object that it creates',
    schema: object,
    read: ({ resource, resource_as_yaml_file: file }, context) =>
      resource ? ofResource(resource, context) : { kind: 'nothing', reason: `${file ?? 'its resource'} is not read` },
  });
}

function applyAction(func: string): DriverAction {
  return driverAction({
    module: CRD,
    func,
    becomes: 'as the Chaos Mesh object that it applies',
    schema: z.looseObject({ resource: text, ...address }, IS_MAP),
    read: ({ resource }, context) => {
      const { value } = parseYaml(resource, { file: `${context.subject}, resource` });
      return typeof value === 'object' && value !== null
        ? ofResource(value, context)
        : { kind: 'nothing', reason: 'its resource is no object' };
    },
  });
}

const header = z.looseObject({
  kind: text,
  metadata: z.looseObject({ name: text.nullish() }).nullish(),
  spec: z.looseObject({}).nullish(),
});

function ofResource(resource: object, context: ActionContext): ActionEffect {
  const { kind, metadata, spec } = checkedPart(header, { ...context.part, value: resource }, context.subject);
  return mesh(kind, spec ?? {}, context, `${kind.toLowerCase()}/${metadata?.name ?? ''}/`);
}

const deleted = z.looseObject({ ...address, plural: text, name: text }, IS_MAP);

function deleteAction(func: string): DriverAction {
  return driverAction({
    module: CRD,
    func,
    becomes: 'the end of that',
    schema: deleted,
    read: ({ plural, name }) => ({ kind: 'ends', keys: `${plural}/${name}/` }),
  });
}

function endAction(module: string, func: string, prefix: string): DriverAction {
  return driverAction({
    module,
    func,
    becomes: 'the end of that',
    schema: z.looseObject({ name: text }, IS_MAP),
    read: ({ name }) => ({ kind: 'ends', keys: `${prefix}/${name}/` }),
  });
}

const workers = (given: Fields) => given.workers ?? 1;
const correlated = (given: Fields) => (given.correlation ? { correlation: given.correlation } : {});

export const chaosMeshActions: readonly DriverAction[] = [
  networkAction('delay', {
    func: 'add_latency',
    names: ['latency', 'jitter', 'correlation'],
    spec: (given) => ({
      delay: { latency: given.latency, ...correlated(given), ...(given.jitter ? { jitter: given.jitter } : {}) },
    }),
  }),
  networkAction('loss', {
    func: 'set_loss',
    names: ['loss', 'correlation'],
    spec: (given) => ({ loss: { loss: given.loss, ...correlated(given) } }),
  }),
  networkAction('duplicate', {
    func: 'duplicate_packets',
    names: ['duplicate', 'correlation'],
    spec: (given) => ({ duplicate: { duplicate: given.duplicate, ...correlated(given) } }),
  }),
  networkAction('corrupt', {
    func: 'corrupt_packets',
    names: ['corrupt', 'correlation'],
    spec: (given) => ({ corrupt: { corrupt: given.corrupt, ...correlated(given) } }),
  }),
  networkAction('bandwidth', {
    func: 'set_bandwidth',
    names: ['rate', 'limit', 'buffer', 'peakrate', 'minburst'],
    spec: ({ rate, limit, buffer, peakrate, minburst }) => ({ bandwidth: { rate, limit, buffer, peakrate, minburst } }),
  }),
  {
    module: NETWORK,
    func: 'reorder_packets',
    becomes: '- packets of a service do not overtake each other here',
    read: () => ({ kind: 'nothing', reason: 'packets of a service do not overtake each other here' }),
  },
  endAction(NETWORK, 'delete_network_fault', 'network'),
  stressAction('cpu', {
    func: 'stress_cpu',
    names: ['workers', 'load'],
    spec: (given) => ({ cpu: { workers: workers(given), load: given.load ?? 100 } }),
  }),
  stressAction('memory', {
    func: 'stress_memory',
    names: ['workers', 'size'],
    spec: (given) => ({ memory: { workers: workers(given), ...(given.size ? { size: given.size } : {}) } }),
  }),
  endAction(STRESS, 'delete_stressor', 'stress'),
  createAction('create_custom_object'),
  createAction('create_cluster_custom_object'),
  applyAction('apply_from_json'),
  applyAction('apply_from_yaml'),
  deleteAction('delete_custom_object'),
  deleteAction('delete_cluster_custom_object'),
];
