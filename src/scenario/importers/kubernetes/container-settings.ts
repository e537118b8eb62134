/** What a container is told: its environment with ConfigMaps and `$(NAME)` filled in, and the words of its command. */
import type { ConfigMapObject, Container } from './manifest-schema.ts';
import { namespaceOf, type Workload } from './read-manifests.ts';

/** Settings of one container. */
export interface ContainerSettings {
  readonly environment: ReadonlyMap<string, string>;
  /** Command and arguments. */
  readonly words: readonly string[];
}

/** Settings of every container of a workload, those that prepare it included. */
export function containerSettings(workload: Workload, configMaps: readonly ConfigMapObject[]): ContainerSettings[] {
  const { spec } = workload.spec.template;
  const namespace = namespaceOf(workload.metadata);
  const maps = new Map(
    configMaps
      .filter((map) => namespaceOf(map.metadata) === namespace)
      .map((map) => [map.metadata.name, map.data ?? {}]),
  );
  return [...(spec.initContainers ?? []), ...spec.containers].map((container) => {
    const environment = environmentOf(container, maps);
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    return { environment, words: words.map((word) => expanded(word, environment)) };
  });
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
  return text.replaceAll(/\$\(([A-Za-z_][\w.-]{0,200})\)/g, (whole, name: string) => environment.get(name) ?? whole);
}
