/** Makes a fault script of Chaos Toolkit experiments: actions that a driver of ours stands for, with their pauses. */
import { DeeplOpsError } from '../../../base/index.ts';
import { parseYaml } from '../../yaml-source.ts';
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { FaultTimeline, PlacedFault } from '../fault-script/fault-draft.ts';
import type { FaultFormat } from '../fault-script/fault-format.ts';
import type { ManifestFile } from '../system-format.ts';
import { experimentSchema } from './experiment-schema.ts';
import { ACTIVITIES_MAX, walkExperiment } from './experiment-timeline.ts';
import { substituted } from './substitute.ts';

/** Experiments as `chaos run` takes them, and journals as it writes them. */
export const chaosToolkitFormat: FaultFormat = {
  name: 'chaos-toolkit',
  files: 'Chaos Toolkit experiments',
  read,
};

/** Several experiments run one after another, in the order given. Throws YAML_SYNTAX, MANIFEST_INVALID, MANIFEST_EMPTY. */
function read(files: readonly ManifestFile[], base: BaseSystem): FaultTimeline {
  const faults: PlacedFault[] = [];
  const refused: string[] = [];
  let startSeconds = 0;
  for (const file of files) {
    const { part, missing } = readFile(file);
    if (missing.size > 0) refused.push(`${file.name}: no value is known for ${[...missing].join(', ').slice(0, 500)}`);
    const experiment = checkedPart(experimentSchema, part, '');
    const count = experiment.method.length + (experiment.rollbacks?.length ?? 0);
    if (count > ACTIVITIES_MAX) {
      throw invalidPart(part, ['method'], { subject: '', problem: `there are more than ${ACTIVITIES_MAX} activities` });
    }
    const walked = walkExperiment({ experiment, part, base, startSeconds });
    faults.push(...walked.faults);
    refused.push(...walked.refused);
    startSeconds = walked.endSeconds;
  }
  return { faults, refused };
}

function readFile({ name, text }: ManifestFile): {
  readonly part: DocumentPart;
  readonly missing: ReadonlySet<string>;
} {
  const source = parseYaml(text, { file: name });
  if (source.value === null || source.value === undefined) {
    throw new DeeplOpsError('MANIFEST_EMPTY', 'there is no experiment in this file', { place: { file: name } });
  }
  const { value, path } = experimentIn(source.value);
  const missing = new Set<string>();
  return { part: { value: substituted(value, missing), path, source }, missing };
}

/** A journal holds the experiment that was run. */
function experimentIn(value: unknown): { readonly value: unknown; readonly path: readonly string[] } {
  const isJournal = typeof value === 'object' && value !== null && 'experiment' in value && !('method' in value);
  return isJournal ? { value: value.experiment, path: ['experiment'] } : { value, path: [] };
}
