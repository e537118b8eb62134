/** Finds the workloads behind a host name, as the cluster's DNS and the Services' selectors would. */
import type { ServiceObject } from './manifest-schema.ts';
import { namespaceOf, type Workload } from './read-manifests.ts';

/** What a host name leads to. */
interface Resolution {
  readonly service: ServiceObject;
  /** Empty when the Service selects nothing in the input. */
  readonly workloads: readonly Workload[];
}

/** Resolves host names inside a namespace; undefined = no Service of that name in the input. */
export type ServiceResolver = (host: string, namespace: string) => Resolution | undefined;

export function serviceResolver(services: readonly ServiceObject[], workloads: readonly Workload[]): ServiceResolver {
  const byName = new Map(
    services.map((service) => [`${namespaceOf(service.metadata)}/${service.metadata.name.toLowerCase()}`, service]),
  );
  const resolve = (host: string, namespace: string, aliasesLeft: number): Resolution | undefined => {
    const service = candidates(host, namespace)
      .map((key) => byName.get(key))
      .find((found) => found !== undefined);
    const alias = service?.spec?.type === 'ExternalName' ? service.spec.externalName : undefined;
    if (service && alias && aliasesLeft > 0)
      return resolve(alias.toLowerCase(), namespaceOf(service.metadata), aliasesLeft - 1);
    return service && { service, workloads: workloads.filter((workload) => isSelected(workload, service)) };
  };
  const known = new Map<string, Resolution | undefined>();
  return (host, namespace) => {
    const key = `${namespace}/${host}`;
    if (!known.has(key)) known.set(key, resolve(host, namespace, ALIASES_MAX));
    return known.get(key);
  };
}

/** Services of type ExternalName may stand for one another this often. */
const ALIASES_MAX = 8;

/** `name`, `name.namespace`, `name.namespace.svc[.domain]`, and `pod-0.` before any of them. */
function candidates(host: string, namespace: string): string[] {
  const labels = host.split('.');
  const withoutPod = /-\d+$/.test(labels[0] ?? '') ? [labels.slice(1)] : [];
  return [labels, ...withoutPod].flatMap(([name, space, marker]) => {
    if (name === undefined) return [];
    if (space === undefined) return [`${namespace}/${name}`];
    return marker === undefined || marker === 'svc' ? [`${space}/${name}`] : [];
  });
}

function isSelected(workload: Workload, service: ServiceObject): boolean {
  const selector = Object.entries(service.spec?.selector ?? {});
  return (
    selector.length > 0 &&
    namespaceOf(workload.metadata) === namespaceOf(service.metadata) &&
    selector.every(([label, value]) => workload.labels[label] === value)
  );
}
