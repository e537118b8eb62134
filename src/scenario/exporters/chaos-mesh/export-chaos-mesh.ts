/** Writes a fault script as Chaos Mesh objects that `kubectl apply` takes: one Workflow with all of it, or an object a fault. */
import { DeeplOpsError } from '../../../base/index.ts';
import { fieldOf } from '../../importers/chaos-mesh/chaos-kind.ts';
import { START_ANNOTATION } from '../../importers/chaos-mesh/read-experiments.ts';
import type { Scenario, ScriptedFault } from '../../scenario.ts';
import { documentToYaml, type YamlComment } from '../../scenario-to-yaml.ts';
import { type ExportReport, faultWords } from '../export-report.ts';
import { type ExportedFault, exportedFaults } from '../exported-fault.ts';
import { type MeshExperiment, type MeshNames, USUAL_NAMES } from './mesh-form.ts';
import { meshFormOf } from './mesh-forms.ts';
import { durationText } from './mesh-text.ts';

/** How to export. */
export interface ExportChaosMeshOptions {
  readonly scenario: Scenario;
  readonly script: readonly ScriptedFault[];
  /** Begins the names of the objects. */
  readonly name: string;
  /** What the faults are, in words, for the head of each file. */
  readonly origin: string;
  readonly names?: Partial<MeshNames>;
}

/** A file's name and text. */
interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** What was written. */
export interface ChaosMeshExport {
  /** All faults at their times. */
  readonly workflow: string;
  /** An object a fault, with its duration; when to apply it stands in its annotation. */
  readonly objects: readonly ExportedFile[];
  readonly report: ExportReport;
}

const API_VERSION = 'chaos-mesh.org/v1alpha1';
/** What is done at once is given a while to be done. */
const ONCE_SECONDS = 10;

/** One experiment of one fault. */
interface Item {
  readonly fault: ExportedFault;
  readonly experiment: MeshExperiment;
  /** Unique, and as Kubernetes allows names. */
  readonly name: string;
}

/** Throws EXPORT_EMPTY when there is no fault, or none that Chaos Mesh can do. */
export function exportChaosMesh(options: ExportChaosMeshOptions): ChaosMeshExport {
  const { scenario, script, name, origin } = options;
  const names = { ...USUAL_NAMES, ...options.names };
  const said = exportedFaults(scenario, script).map((fault) => ({
    fault,
    form: meshFormOf(fault.fault)(fault, { scenario, names }),
  }));
  // As many digits for all, so that files by name are files in order of time.
  const numbered = (index: number) => String(index + 1).padStart(String(said.length).length, '0');
  const items = said.flatMap(({ fault, form }, index) =>
    typeof form === 'string'
      ? []
      : form.map((experiment, part) => itemOf(fault, experiment, `${numbered(index)}${part === 0 ? '' : 'b'}`)),
  );
  const report: ExportReport = {
    exported: items.map(({ fault, experiment, name: own }) => `${own}: ${faultWords(fault)} as ${experiment.kind}`),
    approximated: [
      ...new Set(items.flatMap((item) => lossesOf(item).map((loss) => `${faultWords(item.fault)}: ${loss}`))),
    ],
    notExported: said.flatMap(({ fault, form }) => (typeof form === 'string' ? [`${faultWords(fault)}: ${form}`] : [])),
  };
  if (items.length === 0) throw nothingToWrite(report);
  const head = { origin, report, names };
  return {
    workflow: workflowText(items, { ...head, name }),
    objects: items.map((item) => ({ name: `${item.name}.yaml`, text: objectText(item, { ...head, name }) })),
    report,
  };
}

function nothingToWrite({ notExported }: ExportReport): DeeplOpsError {
  const reasons = notExported.slice(0, 5).join('\n');
  return new DeeplOpsError('EXPORT_EMPTY', 'there is no fault that Chaos Mesh could do', {
    ...(reasons === '' ? {} : { hint: reasons }),
  });
}

function itemOf(fault: ExportedFault, experiment: MeshExperiment, number: string): Item {
  return { fault, experiment, name: kubernetesName(`f${number}-${fault.fault}-${fault.target}`) };
}

/** Lower-case letters, digits and hyphens, and short enough for what Chaos Mesh adds. */
function kubernetesName(text: string): string {
  const clean = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 50);
  return clean.replaceAll(/^-+|-+$/g, '') || 'chaos';
}

function lossesOf({ fault, experiment }: Item): string[] {
  const open = fault.isUntilRepaired ? ['it ends with the experiment, not when it is repaired'] : [];
  return [...(experiment.losses ?? []), ...open];
}

interface Head {
  readonly name: string;
  readonly origin: string;
  readonly report: ExportReport;
  readonly names: MeshNames;
}

function workflowText(items: readonly Item[], head: Head): string {
  const templates = items.flatMap((item) => templatesOf(item));
  const children = items.map(({ fault, name }) => (fault.startSeconds > 0 ? `${name}-due` : name));
  const all = { name: 'all', templateType: 'Parallel', children };
  const document = {
    apiVersion: API_VERSION,
    kind: 'Workflow',
    metadata: { name: kubernetesName(head.name), namespace: head.names.namespace },
    spec: { entry: 'all', templates: [all, ...templates] },
  };
  const comments = templates.flatMap((template, index): YamlComment[] => {
    const item = items.find(({ name }) => name === template.name);
    return item === undefined ? [] : [{ path: ['spec', 'templates', index + 1], text: remark(item) }];
  });
  return documentToYaml(document, { header: header(head), comments });
}

/** The experiment, and where it does not begin at once, a pause before it. */
function templatesOf({
  fault,
  experiment,
  name,
}: Item): { readonly name: string; readonly [field: string]: unknown }[] {
  const { kind, spec, every } = experiment;
  const deadline = durationText(lastsSeconds(fault, experiment));
  const own =
    every === undefined
      ? { name, templateType: kind, deadline, [fieldOf(kind)]: spec }
      : { name, templateType: 'Schedule', deadline, schedule: scheduleOf(experiment) };
  if (fault.startSeconds === 0) return [own];
  const wait = { name: `${name}-wait`, templateType: 'Suspend', deadline: durationText(fault.startSeconds) };
  const due = { name: `${name}-due`, templateType: 'Serial', children: [wait.name, name] };
  return [due, wait, own];
}

function lastsSeconds(fault: ExportedFault, { isOnce }: MeshExperiment): number {
  return isOnce ? ONCE_SECONDS : fault.durationSeconds;
}

function scheduleOf({ kind, spec, every }: MeshExperiment): object {
  return { schedule: every, concurrencyPolicy: 'Allow', type: kind, [fieldOf(kind)]: spec };
}

/** An experiment by itself; what repeats is a workflow, because a schedule by itself has no end. */
function objectText(item: Item, head: Head): string {
  const { fault, experiment, name } = item;
  const annotations = { [START_ANNOTATION]: durationText(fault.startSeconds) };
  const metadata = { name, namespace: head.names.namespace, annotations };
  const { kind, spec, every, isOnce } = experiment;
  const duration = isOnce ? {} : { duration: durationText(fault.durationSeconds) };
  const document =
    every === undefined
      ? { apiVersion: API_VERSION, kind, metadata, spec: { ...spec, ...duration } }
      : {
          apiVersion: API_VERSION,
          kind: 'Workflow',
          metadata,
          spec: { entry: name, templates: templatesOf({ ...item, fault: { ...fault, startSeconds: 0 } }) },
        };
  const lines = [`From ${head.origin}.`, remark(item), `Apply it ${durationText(fault.startSeconds)} after the first.`];
  return documentToYaml(document, { header: lines.join('\n') });
}

function remark(item: Item): string {
  const losses = lossesOf(item);
  const words = faultWords(item.fault);
  return losses.length === 0 ? words : `${words}\nnot quite: ${losses.join('; ')}`;
}

function header({ origin, report, names }: Head): string {
  const { notExported } = report;
  return [
    `Written by \`deepl-ops export --as chaos-mesh\` from ${origin}.`,
    `Services are found by the label ${names.label} in the namespace ${names.namespace}; ports are ${names.port}, volumes ${names.volumePath}.`,
    ...(notExported.length === 0
      ? []
      : ['Not written, for want of a counterpart:', ...notExported.map((line) => `  ${line}`)]),
  ].join('\n');
}
