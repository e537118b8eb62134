/** Makes a scenario of the files that describe a system, whatever their format, and of calls seen in it. */
import { assert } from '../../base/index.ts';
import { emptyReport, type ImportResult } from './application.ts';
import { applicationToScenario } from './application-to-scenario.ts';
import { readSeenCalls } from './seen-calls/read-seen-calls.ts';
import { withSeenCalls } from './seen-calls/with-seen-calls.ts';
import type { ManifestFile } from './system-format.ts';
import { systemFormats } from './system-formats.ts';
import { trafficEntries } from './traffic.ts';

/** How to import a system. */
export interface ImportSystemOptions {
  /** One of `systemFormats`. */
  readonly format: string;
  /** Name of the scenario. */
  readonly name?: string;
  /** Files that say who was seen to call whom. */
  readonly edges?: readonly ManifestFile[];
  /** Where the JSON Schema lies, for editors. */
  readonly schema?: string;
}

/**
 * The scenario in these files. Throws YAML_SYNTAX, MANIFEST_INVALID, MANIFEST_EMPTY, MANIFEST_NO_WORKLOAD or
 * EDGES_INVALID. What is not in the files is assumed and marked so; addresses that lead nowhere are reported, never
 * invented.
 */
export function importSystem(files: readonly ManifestFile[], options: ImportSystemOptions): ImportResult {
  const format = systemFormats.find(({ name }) => name === options.format);
  assert(format !== undefined, `there is no format ${options.format}`);
  const report = emptyReport();
  const found = format.read(files, report);
  const services = found.services.map(({ name }) => name);
  const calls = withSeenCalls(found.calls, { seen: (options.edges ?? []).map(readSeenCalls), services, report });
  const application = {
    name: options.name ?? 'imported',
    origin: format.files,
    services: found.services,
    calls,
    workloads: trafficEntries(found, calls),
  };
  return applicationToScenario(application, report, options.schema === undefined ? {} : { schema: options.schema });
}
