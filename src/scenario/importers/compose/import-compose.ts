/** Makes a system of Compose files: calls from addresses, dependencies and links, capacity from deploy limits. */
import type { ImportedCall, ImportReport } from '../application.ts';
import { type DerivedCall, deriveCalls } from '../derive-calls.ts';
import { softwareKind } from '../known-software.ts';
import type { ContainerSettings } from '../mentions.ts';
import type { ManifestFile, ReadApplication, SystemFormat } from '../system-format.ts';
import { generatedEntries } from '../traffic.ts';
import { type ComposeProject, type PlacedService, readCompose } from './read-compose.ts';
import { importedService, replicasOf } from './service-capacity.ts';

/** Files as `docker compose` takes them. */
export const composeFormat: SystemFormat = { name: 'compose', files: 'Compose files', read };

/** What these files say. Throws YAML_SYNTAX, MANIFEST_INVALID or MANIFEST_EMPTY. */
function read(files: readonly ManifestFile[], report: ImportReport): ReadApplication {
  const project = readCompose(files, report);
  const { services, generators } = sorted(project, report);
  const calls = new ComposeCalls(project, report);
  const names = new Set(services.map(({ name }) => name));
  const among = ({ callee }: { readonly callee: PlacedService }) => names.has(callee.name);
  return {
    services: services.map((service) => importedService(service, { project, report })),
    calls: services.flatMap((caller) =>
      calls
        .of(caller)
        .filter(among)
        .map(({ callee, share, source }): ImportedCall => {
          return { caller: caller.name, callee: callee.name, share, source };
        }),
    ),
    generated: generators.flatMap((generator) => {
      const { name } = generator;
      const targets = calls.of(generator).filter(among);
      const settings = [settingsOf(generator, project)];
      const replicas = replicasOf(generator);
      return generatedEntries({ name, settings, replicas, targets: targets.map(({ callee }) => callee.name) }, report);
    }),
    exposed: [],
    published: services.filter(({ ports }) => (ports ?? []).length > 0).map(({ name }) => name),
  };
}

/** Services of the application, load generators, and the rest, which is reported as skipped. */
function sorted({ services }: ComposeProject, report: ImportReport) {
  const jobs = new Set(
    services.flatMap(({ depends_on }) =>
      Object.entries(depends_on ?? {}).flatMap(([name, dependency]) =>
        dependency?.condition === 'service_completed_successfully' ? [name] : [],
      ),
    ),
  );
  const kinds = services.map((service) => ({ service, reason: reasonToSkip(service, jobs) }));
  for (const { service, reason } of kinds) {
    if (reason !== undefined) report.skipped.push(`service ${service.name} (${reason})`);
  }
  return {
    services: kinds.filter(({ reason }) => reason === undefined).map(({ service }) => service),
    generators: kinds.filter(({ reason }) => reason === 'load generator').map(({ service }) => service),
  };
}

function reasonToSkip(service: PlacedService, jobs: ReadonlySet<string>): string | undefined {
  const { name, image, profiles, deploy } = service;
  if (profiles !== undefined && profiles.length > 0) return `starts only with profile ${profiles.join(' or ')}`;
  const kind = softwareKind(name, image === undefined ? [] : [image]);
  if (kind !== 'service') return kind;
  if (jobs.has(name) || deploy?.mode?.endsWith('-job')) return 'a job that ends';
  return replicasOf(service) === 0 ? '0 replicas' : undefined;
}

/** Finds the calls of one service after the other; each service's files and links are reported once. */
class ComposeCalls {
  readonly #project: ComposeProject;
  readonly #report: ImportReport;
  readonly #hosts = new Map<string, PlacedService>();

  constructor(project: ComposeProject, report: ImportReport) {
    this.#project = project;
    this.#report = report;
    for (const service of project.services) {
      const { name, container_name, hostname, networks } = service;
      const aliases = Object.values(networks ?? {}).flatMap((network) => network?.aliases ?? []);
      for (const host of [container_name, hostname, ...aliases, `tasks.${name}`]) {
        if (host !== undefined) this.#hosts.set(host.toLowerCase(), service);
      }
    }
    for (const service of project.services) this.#hosts.set(service.name.toLowerCase(), service);
  }

  /** Addresses in settings first, then links and dependencies that no address stands for. */
  of(caller: PlacedService): DerivedCall<PlacedService>[] {
    const links = new Map((caller.links ?? []).map(linkOf));
    const settings = [settingsOf(caller, this.#project)];
    const { calls, notDerived } = deriveCalls({ self: caller, name: caller.name, settings }, (host) =>
      this.#behind(links.get(host) ?? host),
    );
    this.#report.notDerived.push(...notDerived, ...notRead(caller));
    const found = new Map(calls.map((call) => [call.callee, call]));
    for (const { host, source } of this.#statedBy(caller, [...links.values()])) {
      const [callee] = this.#behind(host) ?? [];
      if (callee === undefined)
        this.#report.notDerived.push(`${caller.name}: ${source} names ${host}, which is not in the input`);
      else if (callee !== caller && !found.has(callee)) found.set(callee, { callee, share: 1, source });
    }
    return [...found.values()];
  }

  #behind(host: string): readonly PlacedService[] | undefined {
    const service = this.#hosts.get(host.toLowerCase());
    return service && [service];
  }

  #statedBy({ depends_on }: PlacedService, links: readonly string[]) {
    const needed = Object.entries(depends_on ?? {})
      .filter(([, dependency]) => dependency?.condition !== 'service_completed_successfully')
      .map(([host]) => ({ host, source: 'depends_on' }));
    return [...links.map((host) => ({ host, source: 'links' })), ...needed];
  }
}

/** `db:database` lets the caller say `database` for `db`. */
function linkOf(link: string): [alias: string, service: string] {
  const [service = '', alias = service] = link.split(':');
  return [alias.toLowerCase(), service];
}

function settingsOf(service: PlacedService, { configs }: ComposeProject): ContainerSettings {
  const stated = Object.entries(service.environment ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  const files = (service.configs ?? []).flatMap((name) => {
    const content = configs.get(name);
    return content === undefined ? [] : [[`config ${name}`, content] as const];
  });
  return {
    environment: new Map(stated),
    words: [...(service.entrypoint ?? []), ...(service.command ?? [])],
    files: new Map(files),
  };
}

/** What could hold addresses but lies outside the files. */
function notRead(service: PlacedService): string[] {
  const { name } = service;
  const fromShell = Object.entries(service.environment ?? {}).filter(([, value]) => value === null);
  return [
    ...(service.env_file ?? []).map((file) => `${name}: env_file ${file} is not read`),
    ...fromShell.map(([variable]) => `${name}: env ${variable} comes from the shell`),
    ...(service.external_links ?? []).map((link) => `${name}: external link ${link} leads out of the input`),
    ...(service.extends === undefined || service.extends === null
      ? []
      : [`${name}: \`extends\` is not followed: give the output of \`docker compose config\``]),
  ];
}
