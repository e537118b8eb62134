/** Reads manifest files into the Kubernetes objects that matter to a scenario, each checked, each with its place. */
import type { z } from 'zod';
import { DeeplOpsError } from '../../../base/index.ts';
import { parseYamlStream, type YamlSource } from '../../yaml-source.ts';
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import type { ManifestFile } from '../system-format.ts';
import {
  type AutoscalerObject,
  autoscalerSchema,
  type Claim,
  type ConfigMapObject,
  claimSchema,
  configMapSchema,
  type IngressObject,
  ingressSchema,
  type Labels,
  type Metadata,
  podSchema,
  type ServiceObject,
  serviceSchema,
  type WorkloadObject,
  workloadSchema,
} from './manifest-schema.ts';

/** Something that runs pods. */
export interface Workload extends WorkloadObject {
  readonly kind: string;
  readonly labels: Labels;
  /** Where it stands, for complaints. */
  readonly part: DocumentPart;
}

/** The objects of all files, by kind, in order. */
export interface Manifests {
  readonly workloads: Workload[];
  readonly services: ServiceObject[];
  readonly claims: (Claim & { metadata: Metadata })[];
  readonly configMaps: ConfigMapObject[];
  readonly autoscalers: AutoscalerObject[];
  readonly ingresses: IngressObject[];
  /** Names of objects that are not part of a scenario, by kind. */
  readonly others: Map<string, string[]>;
}

/** The namespace of an object that states none. */
export function namespaceOf(metadata: Metadata): string {
  return metadata.namespace ?? 'default';
}

const OBJECTS_MAX = 20_000;

/** Throws YAML_SYNTAX, MANIFEST_INVALID (with line and column) or MANIFEST_EMPTY. */
export function readManifests(files: readonly ManifestFile[]): Manifests {
  const manifests: Manifests = {
    workloads: [],
    services: [],
    claims: [],
    configMaps: [],
    autoscalers: [],
    ingresses: [],
    others: new Map(),
  };
  let objects = 0;
  for (const { name, text } of files) {
    for (const source of readStream(name, text)) {
      if (source.value === null || source.value === undefined) continue;
      for (const object of objectsOf({ value: source.value, path: [], source })) {
        objects += 1;
        if (objects > OBJECTS_MAX) throw invalid(object, `there are more than ${OBJECTS_MAX} objects`);
        sortIn(object, manifests);
      }
    }
  }
  if (objects > 0) return manifests;
  throw new DeeplOpsError('MANIFEST_EMPTY', 'there is no Kubernetes object in these files', {
    place: { ...(files[0] && { file: files[0].name }) },
  });
}

function readStream(file: string, text: string): YamlSource[] {
  try {
    return parseYamlStream(text, { file });
  } catch (error) {
    if (!(error instanceof DeeplOpsError) || !text.includes('{{')) throw error;
    const hint = 'This looks like a template: render it first, for instance with `helm template`.';
    throw new DeeplOpsError(error.code, error.message, {
      ...(error.place && { place: error.place }),
      hint,
      cause: error,
    });
  }
}

/** The object itself, or the items of a list of objects. */
function objectsOf(part: DocumentPart): DocumentPart[] {
  const { value, path, source } = part;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(part, 'is not a Kubernetes object');
  const items = 'items' in value ? value.items : undefined;
  if (!kindOf(value).endsWith('List') || !Array.isArray(items)) return [part];
  return items.flatMap((item: unknown, index) => objectsOf({ value: item, path: [...path, 'items', index], source }));
}

/** API groups whose objects are meant by a kind; others have kinds of the same name, for instance Knative a Service. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['apps', 'extensions'],
  // OpenKruise's have the same fields.
  StatefulSet: ['apps', 'apps.kruise.io'],
  DaemonSet: ['apps', 'extensions', 'apps.kruise.io'],
  ReplicaSet: ['apps', 'extensions'],
  Rollout: ['argoproj.io'],
  Pod: [''],
  Service: [''],
  PersistentVolumeClaim: [''],
  ConfigMap: [''],
  HorizontalPodAutoscaler: ['autoscaling'],
  Ingress: ['networking.k8s.io', 'extensions'],
};

/** The group before the slash of `apps/v1`, nothing for `v1`; undefined where an object does not say. */
function groupOf(value: unknown): string | undefined {
  const version = typeof value === 'object' && value !== null && 'apiVersion' in value ? value.apiVersion : undefined;
  if (typeof version !== 'string' || version === '') return undefined;
  return version.includes('/') ? version.split('/', 1).join('') : '';
}

function leaveOut(kind: string, part: DocumentPart, { others }: Manifests): void {
  others.set(kind, [...(others.get(kind) ?? []), nameOf(part.value)]);
}

function sortIn(part: DocumentPart, manifests: Manifests): void {
  const kind = kindOf(part.value);
  const group = groupOf(part.value);
  if (group !== undefined && Object.hasOwn(GROUPS, kind) && GROUPS[kind]?.includes(group) === false) {
    leaveOut(`${kind} (${group === '' ? 'v1' : group})`, part, manifests);
    return;
  }
  switch (kind) {
    case '':
      throw invalid(part, 'has no kind, so it is not a Kubernetes object');
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'Rollout': {
      const object = checked(workloadSchema, part);
      manifests.workloads.push({ ...object, kind, labels: object.spec.template.metadata?.labels ?? {}, part });
      return;
    }
    case 'Pod': {
      const { metadata, spec } = checked(podSchema, part);
      manifests.workloads.push({ metadata, spec: { template: { spec } }, kind, labels: metadata.labels ?? {}, part });
      return;
    }
    case 'Service':
      manifests.services.push(checked(serviceSchema, part));
      return;
    case 'PersistentVolumeClaim':
      manifests.claims.push(checked(claimSchema, part));
      return;
    case 'ConfigMap':
      manifests.configMaps.push(checked(configMapSchema, part));
      return;
    case 'HorizontalPodAutoscaler':
      manifests.autoscalers.push(checked(autoscalerSchema, part));
      return;
    case 'Ingress':
      manifests.ingresses.push(checked(ingressSchema, part));
      return;
    default:
      leaveOut(kind, part, manifests);
  }
}

function checked<T>(schema: z.ZodType<T>, part: DocumentPart): T {
  return checkedPart(schema, part, subjectOf(part));
}

function invalid(part: DocumentPart, problem: string): DeeplOpsError {
  return invalidPart(part, [], { subject: subjectOf(part), problem });
}

function subjectOf({ value }: DocumentPart): string {
  return [kindOf(value), nameOf(value)].filter((word) => word !== '').join(' ');
}

function kindOf(value: unknown): string {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return typeof kind === 'string' ? kind : '';
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return '';
  const { metadata } = value;
  if (typeof metadata !== 'object' || metadata === null || !('name' in metadata)) return '';
  return typeof metadata.name === 'string' ? metadata.name : '';
}
