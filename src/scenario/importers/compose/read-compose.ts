/** Reads Compose files and lays them over each other as Compose does: what a later file states counts. */
import { DeeplOpsError } from '../../../base/index.ts';
import { LIMITS } from '../../schema.ts';
import { parseYaml } from '../../yaml-source.ts';
import type { ImportReport } from '../application.ts';
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import type { ManifestFile } from '../system-format.ts';
import { type ComposeFile, type ComposeService, composeFileSchema } from './compose-schema.ts';
import { interpolated } from './interpolate.ts';

/** A service and where it stands, for complaints. */
export interface PlacedService extends ComposeService {
  readonly name: string;
  readonly part: DocumentPart;
}

/** All files together. */
export interface ComposeProject {
  readonly services: readonly PlacedService[];
  /** Named volumes that live in memory. */
  readonly memoryVolumes: ReadonlySet<string>;
  /** Settings that stand in the file itself, by name. */
  readonly configs: ReadonlyMap<string, string>;
}

/** Throws YAML_SYNTAX, MANIFEST_INVALID (with line and column) or MANIFEST_EMPTY. */
export function readCompose(files: readonly ManifestFile[], report: ImportReport): ComposeProject {
  const services = new Map<string, PlacedService>();
  const memoryVolumes = new Set<string>();
  const configs = new Map<string, string>();
  const unset = new Set<string>();
  for (const manifest of files) {
    const { file, part } = readFile(manifest, unset);
    if (file.include !== undefined)
      report.notDerived.push(`${manifest.name}: \`include\` is not followed: give those files too`);
    for (const [name, service] of Object.entries(file.services ?? {})) {
      const placed = { ...service, name, part: { ...part, path: ['services', name] } };
      services.set(name, merged(services.get(name), placed));
      if (services.size <= LIMITS.services) continue;
      throw invalidPart(placed.part, [], { subject: '', problem: `there are more than ${LIMITS.services} services` });
    }
    for (const [name, volume] of Object.entries(file.volumes ?? {})) {
      if (volume?.driver_opts?.type === 'tmpfs') memoryVolumes.add(name);
    }
    for (const [name, config] of Object.entries(file.configs ?? {})) {
      if (config?.content) configs.set(name, config.content);
    }
  }
  if (unset.size > 0)
    report.assumed.push(`variables that the files give no value are empty: ${[...unset].slice(0, 100).join(', ')}`);
  if (services.size > 0) return { services: [...services.values()], memoryVolumes, configs };
  throw new DeeplOpsError('MANIFEST_EMPTY', 'there are no `services` in these files', {
    place: { ...(files[0] && { file: files[0].name }) },
  });
}

function readFile({ name, text }: ManifestFile, unset: Set<string>): { file: ComposeFile; part: DocumentPart } {
  const source = parseYaml(text, { file: name });
  const part = { value: interpolated(source.value ?? {}, unset), path: [], source };
  return { file: checkedPart(composeFileSchema, part, ''), part };
}

/** Maps are laid over each other, lists put together, everything else replaced. */
function merged(below: PlacedService | undefined, above: PlacedService): PlacedService {
  if (below === undefined) return above;
  const stated = Object.fromEntries(Object.entries(above).filter(([, value]) => value !== undefined));
  const maps = (['environment', 'depends_on', 'networks'] as const).map((field) => [
    field,
    { ...below[field], ...above[field] },
  ]);
  const lists = (['env_file', 'links', 'external_links', 'configs', 'volumes', 'ports', 'profiles'] as const).map(
    (field) => [field, [...(below[field] ?? []), ...(above[field] ?? [])]],
  );
  const { limits, reservations } = below.deploy?.resources ?? {};
  const { limits: newLimits, reservations: newReservations } = above.deploy?.resources ?? {};
  const deploy = {
    ...below.deploy,
    ...above.deploy,
    resources: { limits: { ...limits, ...newLimits }, reservations: { ...reservations, ...newReservations } },
  };
  return { ...below, ...stated, ...Object.fromEntries([...maps, ...lists]), deploy };
}
