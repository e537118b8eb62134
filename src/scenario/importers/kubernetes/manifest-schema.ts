/** The parts of Kubernetes objects that the importer reads; everything else may be anything. */
import { z } from 'zod';
import { nameSchema } from '../../quantity-schema.ts';
import { LIMITS } from '../../schema.ts';
import { kubernetesQuantity } from './kubernetes-quantity.ts';

/** A container as far as calls, capacity and probes need it. */
export interface Container {
  name?: string | null | undefined;
  image?: string | null | undefined;
  command?: string[] | null | undefined;
  args?: string[] | null | undefined;
  env?: EnvironmentEntry[] | null | undefined;
  envFrom?: EnvironmentSource[] | null | undefined;
  resources?: { requests?: Resources | null | undefined; limits?: Resources | null | undefined } | null | undefined;
  readinessProbe?: Probe | null | undefined;
  livenessProbe?: Probe | null | undefined;
  volumeMounts?: { name: string; mountPath: string }[] | null | undefined;
}

interface EnvironmentEntry {
  name: string;
  value?: string | null | undefined;
  valueFrom?:
    | {
        configMapKeyRef?: (ConfigMapReference & { key: string }) | null | undefined;
        secretKeyRef?: { name: string } | null | undefined;
      }
    | null
    | undefined;
}

/** Where a ConfigMap may be missing, the pod starts without it. */
export interface ConfigMapReference {
  name: string;
  optional?: unknown;
}

interface EnvironmentSource {
  configMapRef?: ConfigMapReference | null | undefined;
  secretRef?: { name: string } | null | undefined;
}

interface Resources {
  cpu?: number | null | undefined;
  memory?: number | null | undefined;
  storage?: number | null | undefined;
}

export interface Probe {
  initialDelaySeconds?: number | null | undefined;
  periodSeconds?: number | null | undefined;
  timeoutSeconds?: number | null | undefined;
  failureThreshold?: number | null | undefined;
  successThreshold?: number | null | undefined;
}

export interface Volume {
  name: string;
  emptyDir?: { medium?: string | null | undefined; sizeLimit?: number | null | undefined } | null | undefined;
  persistentVolumeClaim?: { claimName: string } | null | undefined;
  configMap?: ConfigMapReference | null | undefined;
  projected?:
    | { sources?: { configMap?: ConfigMapReference | null | undefined }[] | null | undefined }
    | null
    | undefined;
}

export interface Claim {
  metadata: { name: string };
  spec?: { resources?: { requests?: Resources | null | undefined } | null | undefined } | null | undefined;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[] | null | undefined;
  volumes?: Volume[] | null | undefined;
}

export interface WorkloadObject {
  metadata: Metadata;
  spec: {
    replicas?: number | null | undefined;
    template: { metadata?: { labels?: Labels | null | undefined } | null | undefined; spec: PodSpec };
    volumeClaimTemplates?: Claim[] | null | undefined;
  };
}

export interface Metadata {
  name: string;
  namespace?: string | null | undefined;
}

export type Labels = Record<string, string>;

const words = z.string({ error: 'must be text' });
const whole = z.int({ error: 'must be a whole number' }).min(0, { error: 'must not be negative' }).max(1e6);
/** Templates often leave numbers and switches unquoted where Kubernetes wants text. */
const text = z.union([z.string(), z.number(), z.boolean()], { error: 'must be text' }).transform(String);
const replicas = whole.max(LIMITS.replicasPerService, { error: `must be at most ${LIMITS.replicasPerService}` });
const labels = z.record(z.string(), text);
const named = z.looseObject({ name: words });
const configMapReference = z.looseObject({ name: words, optional: z.unknown().optional() });
const IS_LIST = { error: 'must be a list' };
const cores = quantityUpTo(1e5);
const bytes = quantityUpTo(1e15);

function quantityUpTo(max: number) {
  return z
    .union([z.string(), z.number()], { error: 'must be a quantity such as 100m or 128Mi' })
    .transform((value, context) => {
      const number = kubernetesQuantity(value);
      if (number !== null && number <= max) return number;
      const problem = number === null ? 'cannot read the quantity' : 'there is no machine for the quantity';
      context.addIssue({ code: 'custom', message: `${problem} ${JSON.stringify(value).slice(0, 80)}` });
      return z.NEVER;
    });
}

/** Manifests write empty fields as nothing at all; that is the same as leaving them out. */
function optional<T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> {
  return schema.nullish();
}

const metadata = z.looseObject({ name: nameSchema, namespace: optional(nameSchema) });
const resources = z.looseObject({ cpu: optional(cores), memory: optional(bytes), storage: optional(bytes) });
const resourceClaim = optional(z.looseObject({ requests: optional(resources), limits: optional(resources) }));

const probe = z.looseObject({
  initialDelaySeconds: optional(whole),
  periodSeconds: optional(whole),
  timeoutSeconds: optional(whole),
  failureThreshold: optional(whole),
  successThreshold: optional(whole),
});

const container = z.looseObject({
  name: optional(words),
  image: optional(words),
  command: optional(z.array(text, IS_LIST)),
  args: optional(z.array(text, IS_LIST)),
  env: optional(
    z.array(
      z.looseObject({
        name: words,
        value: optional(text),
        valueFrom: optional(
          z.looseObject({
            configMapKeyRef: optional(configMapReference.extend({ key: words })),
            secretKeyRef: optional(named),
          }),
        ),
      }),
      IS_LIST,
    ),
  ),
  envFrom: optional(
    z.array(z.looseObject({ configMapRef: optional(configMapReference), secretRef: optional(named) }), IS_LIST),
  ),
  resources: resourceClaim,
  readinessProbe: optional(probe),
  livenessProbe: optional(probe),
  volumeMounts: optional(z.array(z.looseObject({ name: words, mountPath: words }))),
});

const volume = z.looseObject({
  name: words,
  emptyDir: optional(z.looseObject({ medium: optional(words), sizeLimit: optional(bytes) })),
  persistentVolumeClaim: optional(z.looseObject({ claimName: words })),
  configMap: optional(configMapReference),
  projected: optional(
    z.looseObject({ sources: optional(z.array(z.looseObject({ configMap: optional(configMapReference) }), IS_LIST)) }),
  ),
});

const podSpec = z.looseObject({
  containers: z.array(container, { error: 'must be a list of containers' }),
  initContainers: optional(z.array(container, { error: 'must be a list of containers' })),
  volumes: optional(z.array(volume, { error: 'must be a list of volumes' })),
});

const claim = z.looseObject({ metadata, spec: optional(z.looseObject({ resources: resourceClaim })) });

/** Deployments, StatefulSets, DaemonSets, ReplicaSets. */
export const workloadSchema: z.ZodType<WorkloadObject> = z.looseObject({
  metadata,
  spec: z.looseObject({
    replicas: optional(replicas),
    template: z.looseObject({ metadata: optional(z.looseObject({ labels: optional(labels) })), spec: podSpec }),
    volumeClaimTemplates: optional(z.array(claim)),
  }),
});

/** A bare Pod. */
export const podSchema: z.ZodType<{ metadata: Metadata & { labels?: Labels | null | undefined }; spec: PodSpec }> =
  z.looseObject({ metadata: metadata.extend({ labels: optional(labels) }), spec: podSpec });

export interface ServiceObject {
  metadata: Metadata;
  spec?:
    | {
        selector?: Labels | null | undefined;
        type?: string | null | undefined;
        externalName?: string | null | undefined;
      }
    | null
    | undefined;
}

export const serviceSchema: z.ZodType<ServiceObject> = z.looseObject({
  metadata,
  spec: optional(z.looseObject({ selector: optional(labels), type: optional(words), externalName: optional(words) })),
});

export const claimSchema: z.ZodType<Claim & { metadata: Metadata }> = claim;

export interface ConfigMapObject {
  metadata: Metadata;
  data?: Record<string, string> | null | undefined;
}

export const configMapSchema: z.ZodType<ConfigMapObject> = z.looseObject({
  metadata,
  data: optional(z.record(z.string(), text)),
});

export interface AutoscalerObject {
  metadata: Metadata;
  spec: {
    scaleTargetRef: { name: string };
    minReplicas?: number | null | undefined;
    maxReplicas?: number | null | undefined;
  };
}

export const autoscalerSchema: z.ZodType<AutoscalerObject> = z.looseObject({
  metadata,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ name: words }),
    minReplicas: optional(replicas),
    maxReplicas: optional(replicas),
  }),
});

type Backend = { service?: { name: string } | null | undefined } | null | undefined;

export interface IngressObject {
  metadata: Metadata;
  spec?:
    | {
        defaultBackend?: Backend;
        rules?:
          | { http?: { paths?: { backend?: Backend }[] | null | undefined } | null | undefined }[]
          | null
          | undefined;
      }
    | null
    | undefined;
}

const backend = optional(z.looseObject({ service: optional(z.looseObject({ name: words })) }));

export const ingressSchema: z.ZodType<IngressObject> = z.looseObject({
  metadata,
  spec: optional(
    z.looseObject({
      defaultBackend: backend,
      rules: optional(
        z.array(
          z.looseObject({ http: optional(z.looseObject({ paths: optional(z.array(z.looseObject({ backend }))) })) }),
        ),
      ),
    }),
  ),
});
