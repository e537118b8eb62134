/** The Kubernetes driver's actions that create Chaos Mesh objects. */
import { z } from 'zod';
import { parseYaml } from '../../../yaml-source.ts';
import { chaosKinds } from '../../chaos-mesh/kinds.ts';
import { objectFields } from '../../chaos-mesh/read-experiments.ts';
import { commonFields, unreadOf } from '../../chaos-mesh/unread-of.ts';
import { checkedPart } from '../../checked-part.ts';
import { refusal, together } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread, unreadFields } from '../../unread-fields.ts';
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

const manyTexts = z.union([text, z.array(text)]).nullish();

/** Arguments that all actions of Chaos Mesh share. */
const common = {
  name: text,
  label_selectors: selectors,
  annotations_selectors: selectors,
  mode: text.nullish(),
  mode_value: text.nullish(),
  namespaces_selectors: harmless,
};

const network = z.looseObject(
  {
    ...common,
    direction: text.nullish(),
    external_targets: manyTexts,
    target_mode: text.nullish(),
    target_mode_value: text.nullish(),
    target_label_selectors: selectors,
    target_annotations_selectors: selectors,
    target_namespaces_selectors: harmless,
  },
  IS_MAP,
);

const stress = z.looseObject(
  {
    ...common,
    duration: text.nullish(),
    container_names: manyTexts,
    stressng_stressors: text.nullish(),
    // An argument of the driver; a StressChaos has no such field.
    direction: harmless,
  },
  IS_MAP,
);

/** With arguments that are checked as fields of the object that they become. */
function withOwn<Schema extends z.ZodObject>(schema: Schema, own: OwnForm['own']): Schema {
  return schema.extend(own) as unknown as Schema;
}

type Written = z.output<typeof selectors>;

/** Both as text and as a map. */
function selectorOf(labels: Written, annotations: Written): object {
  const asked = annotations ? { annotationSelectors: labelsOf(annotations) } : {};
  const byText = typeof labels === 'string' ? labelSelector(labels) : null;
  return { ...(byText ?? { labelSelectors: labelsOf(labels) }), ...asked };
}

function labelsOf(written: Written): object {
  if (typeof written !== 'string') return written ?? {};
  return labelSelector(written)?.labelSelectors ?? { selector: written };
}

function listOf(written: string | readonly string[]): readonly string[] {
  return typeof written === 'string' ? written.split(',') : written;
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
  readonly own: Readonly<Record<string, z.ZodType<unknown, unknown>>>;
  readonly spec: (given: Fields) => object;
}

function networkAction(action: string, { func, own: ownFields, spec }: OwnForm): DriverAction {
  return driverAction({
    module: NETWORK,
    func,
    becomes: `as NetworkChaos ${action}`,
    schema: withOwn(network, ownFields),
    read: (given, context) => {
      const { name, target_label_selectors: target, target_annotations_selectors: marks } = given;
      const own = {
        action,
        selector: selectorOf(given.label_selectors, given.annotations_selectors),
        mode: given.mode ?? 'one',
        value: given.mode_value ?? undefined,
        direction: given.direction ?? 'to',
        ...(given.external_targets ? { externalTargets: listOf(given.external_targets) } : {}),
        ...(target || marks
          ? {
              target: {
                selector: selectorOf(target, marks),
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

function stressAction(kind: string, { func, own, spec: stressors }: OwnForm): DriverAction {
  return driverAction({
    module: STRESS,
    func,
    becomes: `as StressChaos ${kind}`,
    schema: withOwn(stress, own),
    read: (given, context) => {
      const spec = {
        selector: selectorOf(given.label_selectors, given.annotations_selectors),
        mode: given.mode ?? 'one',
        value: given.mode_value ?? undefined,
        duration: given.duration ?? '30s',
        stressors: stressors(given),
        ...(given.container_names ? { containerNames: listOf(given.container_names) } : {}),
        ...(given.stressng_stressors ? { stressngStressors: given.stressng_stressors } : {}),
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
  const part = { ...context.part, value: resource };
  const { kind, metadata, spec } = checkedPart(header, part, context.subject);
  const effect = mesh(kind, spec ?? {}, context, `${kind.toLowerCase()}/${metadata?.name ?? ''}/`);
  if (effect.kind !== 'starts') return effect;
  return { ...effect, experiment: together(effect.experiment, refusal(...unreadFields([objectFields], part))) };
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
    own: fieldsLike(harmless, 'latency', 'jitter', 'correlation'),
    spec: (given) => ({
      delay: { latency: given.latency, ...correlated(given), ...(given.jitter ? { jitter: given.jitter } : {}) },
    }),
  }),
  networkAction('loss', {
    func: 'set_loss',
    own: fieldsLike(harmless, 'loss', 'correlation'),
    spec: (given) => ({ loss: { loss: given.loss, ...correlated(given) } }),
  }),
  networkAction('duplicate', {
    func: 'duplicate_packets',
    own: fieldsLike(harmless, 'duplicate', 'correlation'),
    spec: (given) => ({ duplicate: { duplicate: given.duplicate, ...correlated(given) } }),
  }),
  networkAction('corrupt', {
    func: 'corrupt_packets',
    own: fieldsLike(harmless, 'corrupt', 'correlation'),
    spec: (given) => ({ corrupt: { corrupt: given.corrupt, ...correlated(given) } }),
  }),
  networkAction('bandwidth', {
    func: 'set_bandwidth',
    own: fieldsLike(harmless, 'rate', 'limit', 'buffer', 'peakrate', 'minburst'),
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
    own: fieldsLike(harmless, 'workers', 'load'),
    spec: (given) => ({ cpu: { workers: workers(given), load: given.load ?? 100 } }),
  }),
  stressAction('memory', {
    func: 'stress_memory',
    own: {
      ...fieldsLike(harmless, 'workers', 'size'),
      oom_score: unread('which process the kernel kills first is not simulated'),
      time_to_get_to_size: unread('the memory is taken at once'),
    },
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
