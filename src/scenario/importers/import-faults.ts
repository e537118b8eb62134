/** Makes the fault script of a scenario from experiments on a running system, whatever their format. */
import { assert } from '../../base/index.ts';
import type { Scenario } from '../scenario.ts';
import { BaseSystem } from './fault-script/base-system.ts';
import { faultFormats } from './fault-script/fault-formats.ts';
import { type FaultImportResult, variantWithScript } from './fault-script/variant-with-script.ts';
import type { ManifestFile } from './system-format.ts';

/** How to import faults. */
export interface ImportFaultsOptions {
  /** One of `faultFormats`. */
  readonly format: string;
  /** The scenario that the faults act on. */
  readonly scenario: Scenario;
  /** As the variant refers to it: a path, or the name of a shipped scenario. */
  readonly extends: string;
  /** Name of the variant. */
  readonly name?: string;
  /** Services by values that experiments use for them, for instance of labels. */
  readonly bindings?: ReadonlyMap<string, string>;
  /** Where the JSON Schema lies, for editors. */
  readonly schema?: string;
}

/**
 * A variant of the scenario whose script does what the files say. Throws YAML_SYNTAX, MANIFEST_INVALID, MANIFEST_EMPTY or
 * MANIFEST_NO_FAULT. What has no counterpart is listed in the report and at the top of the variant.
 */
export function importFaults(files: readonly ManifestFile[], options: ImportFaultsOptions): FaultImportResult {
  const format = faultFormats.find(({ name }) => name === options.format);
  assert(format !== undefined, `there is no format ${options.format}`);
  const base = new BaseSystem(options.scenario, options.bindings);
  const { faults, refused } = format.read(files, base);
  const unused = base.unusedBindings.map(
    ([value, service]) => `--bind ${value}=${service}: nothing in these files is called ${value}`,
  );
  return variantWithScript(
    { faults, refused: [...unused, ...refused] },
    {
      base,
      extends: options.extends,
      name: options.name ?? `${options.scenario.name}-${format.name}`,
      origin: format.files,
      ...(options.schema === undefined ? {} : { schema: options.schema }),
    },
  );
}
