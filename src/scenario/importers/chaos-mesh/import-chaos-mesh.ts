/** Makes a fault script of Chaos Mesh experiments, schedules and workflows. */
import { checkedPart, type DocumentPart } from '../checked-part.ts';
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { FaultTimeline } from '../fault-script/fault-draft.ts';
import type { FaultFormat } from '../fault-script/fault-format.ts';
import type { ManifestFile } from '../system-format.ts';
import { unreadFields } from '../unread-fields.ts';
import { fields } from './chaos-schema.ts';
import { ChaosTimeline, unknownKind } from './chaos-timeline.ts';
import { chaosKinds } from './kinds.ts';
import { clockZeroOf, placeSchedule, scheduleOf } from './place-schedule.ts';
import { placeWorkflow, schedulesIn } from './place-workflow.ts';
import { type ChaosObject, objectFields, readExperiments } from './read-experiments.ts';

/** Objects as `kubectl apply` takes them. */
export const chaosMeshFormat: FaultFormat = { name: 'chaos-mesh', files: 'Chaos Mesh experiments', read };

const NO_EXPERIMENTS = [
  ...['PhysicalMachine', 'StatusCheck', 'RemoteCluster'],
  // What Chaos Mesh itself makes of experiments and workflows; it comes along when a namespace is exported.
  ...['PodNetworkChaos', 'PodIOChaos', 'PodHttpChaos', 'WorkflowNode'],
];

/** What these files do to the system. Throws YAML_SYNTAX, MANIFEST_INVALID or MANIFEST_EMPTY. */
function read(files: readonly ManifestFile[], base: BaseSystem): FaultTimeline {
  const { objects, others } = readExperiments(files);
  const timeline = new ChaosTimeline(base);
  const running = objects.filter(({ isPaused }) => !isPaused);
  const clockZero = clockZeroOf(running.flatMap(schedulesOf));
  for (const { subject } of objects.filter(({ isPaused }) => isPaused)) timeline.refuse(subject, 'it is paused');
  for (const object of running) placeObject(timeline, object, clockZero);
  return { faults: timeline.faults, refused: [...others, ...timeline.refused] };
}

function schedulesOf({ kind, spec, subject }: ChaosObject) {
  if (kind === 'Schedule') return [scheduleOf(spec, subject)];
  return kind === 'Workflow' ? schedulesIn(spec, subject) : [];
}

function placeObject(timeline: ChaosTimeline, object: ChaosObject, clockZero: number): void {
  const { kind, spec, subject, startSeconds } = object;
  const source = subject;
  checkedPart(fields({}), spec, subject);
  timeline.refuseUnread(source, object.part, () => unreadFields([objectFields], object.part));
  if (kind === 'Schedule') {
    const endSeconds = timeline.base.contestSeconds;
    const workflow = (step: { readonly part: DocumentPart; readonly startSeconds: number }) =>
      placeWorkflow(timeline, { ...step, source, clockZero });
    placeSchedule(timeline, { part: spec, source, startSeconds, endSeconds, clockZero, workflow });
  } else if (kind === 'Workflow') {
    placeWorkflow(timeline, { part: spec, source, startSeconds, clockZero });
  } else if (NO_EXPERIMENTS.includes(kind)) {
    timeline.refuse(source, 'it does nothing by itself');
  } else if (chaosKinds.some((each) => each.kind === kind)) {
    timeline.place({ kind, spec, source, startSeconds, endSeconds: Infinity });
  } else {
    throw unknownKind(kind, spec, subject, ['Schedule', 'Workflow']);
  }
}
