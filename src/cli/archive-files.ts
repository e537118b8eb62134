/** Turns the failure scripts that a training run kept into scenario files that `replay` runs. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile, writeWholeFile } from '../base/index.ts';
import type { ReportedFault, ReportedScript, RunFolder } from '../learn/index.ts';
import { parseScenarioDocument, type ScenarioDocument, scenarioToYaml } from '../scenario/index.ts';

/** Only the best of each scenario become files; all of them stand in `archive.json`. */
const FILES_PER_SCENARIO_MAX = 10;

/** Writes `archive/<scenario>-<number>.yaml` in the run's folder, in place of earlier ones; returns the files. */
export function writeArchiveScenarios(run: RunFolder): string[] {
  const folder = join(run.path, 'archive');
  rmSync(folder, { recursive: true, force: true });
  const documents = scenarioDocuments(join(run.path, 'scenarios'));
  const files: string[] = [];
  for (const { name, scripts } of run.readArchive()?.scenarios ?? []) {
    const document = documents.get(name);
    if (document === undefined) continue;
    for (const script of scripts.slice(0, FILES_PER_SCENARIO_MAX)) {
      const file = join(folder, `${name}-${script.serial}.yaml`);
      writeWholeFile(file, scriptScenario(document, script, file));
      files.push(file);
    }
  }
  return files;
}

/** The scenarios that a run keeps a copy of, by name. */
function scenarioDocuments(folder: string): Map<string, ScenarioDocument> {
  const documents = new Map<string, ScenarioDocument>();
  if (!existsSync(folder)) return documents;
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const document = parseScenarioDocument(readTextFile(file), { file });
    documents.set(document.name, document);
  }
  return documents;
}

function scriptScenario(document: ScenarioDocument, script: ReportedScript, file: string): string {
  const { serial, origin, generation, iteration, plays, repaired, successRate, seed } = script;
  const seedFlag = seed === null ? '' : ` --seed ${seed}`;
  const header = [
    'A failure script that training kept, because it was hard but solvable.',
    origin === 'found'
      ? `Found in iteration ${iteration}.`
      : `Made in iteration ${iteration}, ${generation} mutation${generation === 1 ? '' : 's'} from an episode.`,
    `Order, while it learned, repaired ${repaired} of ${plays} plays; of late ${Math.round(100 * successRate)} %.`,
    `Run it: deepl-ops replay ${file} --order runbook${seedFlag}`,
  ];
  const scripted = { ...document, name: `${document.name}-${serial}`, script: script.faults.map(scriptedFault) };
  return scenarioToYaml(scripted, { header: header.join('\n') });
}

function scriptedFault({
  verb,
  component,
  startSeconds,
}: ReportedFault): NonNullable<ScenarioDocument['script']>[number] {
  const border = verb.lastIndexOf('.');
  const [fault, severity] = [verb.slice(0, border), verb.slice(border + 1)];
  return { fault, target: component, severity, start: `${startSeconds}s` };
}
