/** The Kubernetes driver's actions that create Chaos Mesh objects. */
import { z } from 'zod';
import { parseYaml } from '../../../yaml-source.ts';
import { duration } from '../../chaos-mesh/chaos-schema.ts';
import { chaosKinds } from '../../chaos-mesh/kinds.ts';
import { checkedPart } from '../../checked-part.ts';
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
  },
  IS_MAP,
);
type Common = z.output<typeof common>;

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
  const experiment = known.read(checkedPart(known.schema, { ...part, value: spec }, subject), base);
  const lasts = checkedPart(
    z.looseObject({ duration: duration.nullish() }),
    { ...part, value: spec },
    subject,
  ).duration;
  return {
    kind: 'starts',
    experiment,
    ...(key === undefined ? {} : { key }),
    ...(typeof lasts === 'number' ? { seconds: lasts } : {}),
  };
}

function networkAction(func: string, action: string, becomes: string, spec: (given: Fields) => object): DriverAction {
  return driverAction({
    module: NETWORK,
    func,
    becomes,
    schema: common,
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

function stressAction(func: string, stressors: (given: Fields) => object): DriverAction {
  const kind = func === 'stress_cpu' ? 'cpu' : 'memory';
  return driverAction({
    module: STRESS,
    func,
    becomes: `as StressChaos ${kind}`,
    schema: common,
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

const object = z.looseObject({ resource: z.looseObject({}).nullish(), resource_as_yaml_file: text.nullish() }, IS_MAP);

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
    schema: z.looseObject({ resource: text }, IS_MAP),
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

const deleted = z.looseObject({ plural: text, name: text }, IS_MAP);

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
  networkAction('add_latency', 'delay', 'as NetworkChaos delay', (given) => ({
    delay: { latency: given.latency, ...correlated(given), ...(given.jitter ? { jitter: given.jitter } : {}) },
  })),
  networkAction('set_loss', 'loss', 'as NetworkChaos loss', (given) => ({
    loss: { loss: given.loss, ...correlated(given) },
  })),
  networkAction('duplicate_packets', 'duplicate', 'as NetworkChaos duplicate', (given) => ({
    duplicate: { duplicate: given.duplicate, ...correlated(given) },
  })),
  networkAction('corrupt_packets', 'corrupt', 'as NetworkChaos corrupt', (given) => ({
    corrupt: { corrupt: given.corrupt, ...correlated(given) },
  })),
  networkAction('set_bandwidth', 'bandwidth', 'as NetworkChaos bandwidth', (given) => ({
    bandwidth: { rate: given.rate, limit: given.limit, buffer: given.buffer },
  })),
  {
    module: NETWORK,
    func: 'reorder_packets',
    becomes: '- packets of a service do not overtake each other here',
    read: () => ({ kind: 'nothing', reason: 'packets of a service do not overtake each other here' }),
  },
  endAction(NETWORK, 'delete_network_fault', 'network'),
  stressAction('stress_cpu', (given) => ({ cpu: { workers: workers(given), load: given.load ?? 100 } })),
  stressAction('stress_memory', (given) => ({
    memory: { workers: workers(given), ...(given.size ? { size: given.size } : {}) },
  })),
  endAction(STRESS, 'delete_stressor', 'stress'),
  createAction('create_custom_object'),
  createAction('create_cluster_custom_object'),
  applyAction('apply_from_json'),
  applyAction('apply_from_yaml'),
  deleteAction('delete_custom_object'),
  deleteAction('delete_cluster_custom_object'),
];
