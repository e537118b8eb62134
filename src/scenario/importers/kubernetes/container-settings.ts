/** What a container is told: its environment with ConfigMaps and `$(NAME)` filled in, and the words of its command. */
import type { ContainerSettings } from '../mentions.ts';
import type { ConfigMapObject, ConfigMapReference, Container, PodSpec, Volume } from './manifest-schema.ts';
import { namespaceOf, type Workload } from './read-manifests.ts';

/** Settings of every container of a workload, those that prepare it included. */
export function containerSettings(workload: Workload, configMaps: readonly ConfigMapObject[]): ContainerSettings[] {
  const { spec } = workload.spec.template;
  const namespace = namespaceOf(workload.metadata);
  const maps = new Map(
    configMaps
      .filter((map) => namespaceOf(map.metadata) === namespace)
      .map((map) => [map.metadata.name, map.data ?? {}]),
  );
  const files = mountedFiles(spec, maps);
  return [...(spec.initContainers ?? []), ...spec.containers].map((container, index) => {
    const environment = environmentOf(container, maps);
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    // The volumes are the pod's, so one container stands for all.
    const own = index === 0 ? { files } : {};
    return { environment, words: words.map((word) => expanded(word, environment)), ...own };
  });
}

/** Where settings come from Secrets, which the importer does not read. */
export function secretSettings(workload: Workload): string[] {
  const { spec } = workload.spec.template;
  const found = [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) => [
    ...(container.envFrom ?? []).flatMap(({ secretRef }) => (secretRef ? [`env of Secret ${secretRef.name}`] : [])),
    ...(container.env ?? []).flatMap(({ name, valueFrom }) =>
      valueFrom?.secretKeyRef ? [`env ${name} of Secret ${valueFrom.secretKeyRef.name}`] : [],
    ),
  ]);
  return [...new Set(found)];
}

/** ConfigMaps that a workload needs and that are not in the input, with what names them. */
export function missingConfigMaps(workload: Workload, configMaps: readonly ConfigMapObject[]): string[] {
  const namespace = namespaceOf(workload.metadata);
  const present = configMaps.filter((map) => namespaceOf(map.metadata) === namespace).map((map) => map.metadata.name);
  const namedBy = new Map<string, string[]>();
  for (const [reference, where] of configMapReferences(workload.spec.template.spec)) {
    if (reference.optional === true || present.includes(reference.name) || reference.name === CLUSTER_CONFIG_MAP)
      continue;
    namedBy.set(reference.name, [...(namedBy.get(reference.name) ?? []), where]);
  }
  return [...namedBy].map(
    ([name, places]) => `ConfigMap ${name} is not in the input (${[...new Set(places)].join(', ')})`,
  );
}

/** Kubernetes puts it into every namespace by itself; it holds a certificate. */
const CLUSTER_CONFIG_MAP = 'kube-root-ca.crt';

function configMapReferences(spec: PodSpec): (readonly [reference: ConfigMapReference, where: string])[] {
  const ofContainers = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ envFrom, env }) => [
    ...(envFrom ?? []).map(({ configMapRef }) => [configMapRef, 'envFrom'] as const),
    ...(env ?? []).map(({ name, valueFrom }) => [valueFrom?.configMapKeyRef, `env ${name}`] as const),
  ]);
  const ofVolumes = (spec.volumes ?? []).flatMap((volume) =>
    mapsOf(volume).map((reference) => [reference, `volume ${volume.name}`] as const),
  );
  return [...ofContainers, ...ofVolumes].flatMap(([reference, where]) =>
    reference ? [[reference, where] as const] : [],
  );
}

function mapsOf({ configMap, projected }: Volume): (ConfigMapReference | null | undefined)[] {
  return [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)];
}

/** Entries of ConfigMaps that the pod has as files. */
function mountedFiles(
  { volumes }: PodSpec,
  maps: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Map<string, string> {
  const names = (volumes ?? []).flatMap(mapsOf).flatMap((reference) => reference?.name ?? []);
  return new Map(
    names.flatMap((name) =>
      Object.entries(maps.get(name) ?? {}).map(([key, text]) => [`file ${key} of ConfigMap ${name}`, text] as const),
    ),
  );
}

function environmentOf(
  container: Container,
  maps: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Map<string, string> {
  const environment = new Map<string, string>();
  for (const { configMapRef } of container.envFrom ?? []) {
    for (const [name, value] of Object.entries(maps.get(configMapRef?.name ?? '') ?? {})) environment.set(name, value);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const reference = valueFrom?.configMapKeyRef;
    const found = value ?? (reference ? maps.get(reference.name)?.[reference.key] : undefined);
    if (found !== undefined && found !== null) environment.set(name, expanded(found, environment));
  }
  return environment;
}

/** Kubernetes replaces `$(NAME)` by what has been defined before, and leaves unknown names. */
function expanded(text: string, environment: ReadonlyMap<string, string>): string {
  if (!text.includes('$(')) return text;
  let length = text.length;
  return text.replaceAll(/\$\(([A-Za-z_][\w.-]{0,200})\)/g, (whole, name: string) => {
    const value = environment.get(name) ?? whole;
    length += value.length - whole.length;
    return length > EXPANDED_LENGTH_MAX ? whole : value;
  });
}

/** Values that hold each other several times would soon fill the memory. */
const EXPANDED_LENGTH_MAX = 100_000;
