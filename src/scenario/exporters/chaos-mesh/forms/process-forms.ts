/** Faults of processes as PodChaos, StressChaos and HTTPChaos. */
import { type ExportedFault, parameterOf } from '../../exported-fault.ts';
import { type MeshContext, type MeshExperiment, type MeshForm, without } from '../mesh-form.ts';
import { serviceFields } from '../mesh-selectors.ts';
import { durationText } from '../mesh-text.ts';

/** How often a process is killed that could not live at all. */
const CRASH_LOOP_SECONDS = 10;
/** A share below this is nearer to nothing than to all. */
const MOSTLY_RATIO = 0.5;

const kill: MeshForm = (fault, context) => {
  const grace = Math.ceil(parameterOf(fault, 'graceSeconds'));
  const interval = parameterOf(fault, 'intervalSeconds');
  // In place, as a crash is, unless the pod is told beforehand.
  const action = grace > 0 ? { action: 'pod-kill', gracePeriod: grace } : { action: 'container-kill' };
  const spec = { ...action, ...serviceFields(fault, context) };
  const moved = grace > 0 ? ['the pod may come back on another machine'] : [];
  const once: MeshExperiment = { kind: 'PodChaos', spec, isOnce: true, losses: moved };
  if (interval >= fault.durationSeconds) return [once];
  const every = Math.max(1, Math.round((interval === 0 ? CRASH_LOOP_SECONDS : interval) + grace));
  const losses = [
    ...moved,
    ...(interval === 0 ? [`a crash loop becomes a kill every ${every} s`] : []),
    ...(fault.mode === 'all' ? [] : ['each time other pods may be drawn']),
  ];
  return [once, { kind: 'PodChaos', spec, every: `@every ${every}s`, losses }];
};

const hang: MeshForm = (fault, context) => {
  if (parameterOf(fault, 'probesAnswered') === 1) return 'a process that answers probes and nothing else';
  return [{ kind: 'PodChaos', spec: { action: 'pod-failure', ...serviceFields(fault, context) } }];
};

const cpuStress: MeshForm = (fault, context) => {
  const limit = serviceOf(fault, context)?.cpuLimitCores ?? 1;
  const cores = parameterOf(fault, 'stolenRatio') * limit;
  const workers = Math.max(1, Math.ceil(cores - 1e-9));
  const load = Math.max(1, Math.min(100, Math.round((100 * cores) / workers)));
  const exact = Math.abs((load * workers) / 100 - cores) < 1e-9;
  const losses = exact ? [] : ['the load is a whole percentage'];
  return [
    { kind: 'StressChaos', spec: { ...serviceFields(fault, context), stressors: { cpu: { workers, load } } }, losses },
  ];
};

const memoryStress: MeshForm = (fault, context) => {
  const { memoryLimitBytes = 1, memoryBaseBytes = 0 } = serviceOf(fault, context) ?? {};
  const bytes = Math.round(parameterOf(fault, 'takenShare') * (memoryLimitBytes - memoryBaseBytes));
  const stressors = { memory: { workers: 1, size: `${bytes}B` } };
  return [{ kind: 'StressChaos', spec: { ...serviceFields(fault, context), stressors } }];
};

/** A proxy beside the process. */
function http(
  fault: ExportedFault,
  context: MeshContext,
  action: object,
  losses: readonly string[] = [],
): MeshExperiment {
  const { port } = context.names;
  const peer = fault.peer === null ? [] : [`all callers are meant, not only ${fault.peer}`];
  const spec = { ...serviceFields(fault, context), port, path: '*', ...action };
  return { kind: 'HTTPChaos', spec, losses: [...losses, ...peer] };
}

/** All requests or none: a share of at least half becomes all. */
function httpShare(parameter: string, action: object, direction: 'calls' | 'answers'): MeshForm {
  return (fault, context) => {
    const ratio = parameterOf(fault, parameter);
    if (direction === 'calls' && fault.direction === 'to')
      return 'calls are broken where they are taken, not where they are made';
    if (ratio < MOSTLY_RATIO) return `all requests would be hit, not ${Math.round(100 * ratio)} % of them`;
    const all = ratio < 1 ? [`all requests are hit, not ${Math.round(100 * ratio)} % of them`] : [];
    const made =
      direction === 'calls' && fault.direction === 'both' ? ['only calls that it takes, not those it makes'] : [];
    return [http(fault, context, action, [...all, ...made])];
  };
}

const rpcDelay: MeshForm = (fault, context) => [
  http(fault, context, { target: 'Request', delay: durationText(parameterOf(fault, 'delaySeconds')) }),
];

const slow: MeshForm = (fault, context) => {
  const seconds = (parameterOf(fault, 'slowFactor') - 1) * (serviceOf(fault, context)?.serviceTimeSeconds ?? 0);
  const losses = ['a multiple of the service time becomes a delay of every request'];
  return [http(fault, context, { target: 'Request', delay: durationText(Math.max(0.001, seconds)) }, losses)];
};

function serviceOf({ target }: ExportedFault, { scenario }: MeshContext) {
  return scenario.cluster.services.find(({ name }) => name === target);
}

const CONFIGURATION =
  'a change of release or configuration stays until it is rolled back: make it with your own deployment';

export const processForms: Readonly<Record<string, MeshForm>> = {
  'service.kill': kill,
  'service.hang': hang,
  'service.leak': without('memory that grows until the limit'),
  'service.slow': slow,
  'service.errors': httpShare('errorRatio', { target: 'Response', replace: { code: 500 } }, 'answers'),
  'service.rpc-delay': rpcDelay,
  'service.gc-pause': without('pauses of a process at intervals'),
  'service.cpu-stress': cpuStress,
  'service.memory-stress': memoryStress,
  'service.scale-down': without('fewer replicas: scale the deployment'),
  'service.reset': httpShare('resetRatio', { target: 'Request', abort: true }, 'calls'),
  'service.cut': httpShare('cutRatio', { target: 'Response', abort: true }, 'calls'),
  'service.slow-close': without('connections that stay taken after an answer'),
  'service.bad-release': without(CONFIGURATION),
  'service.misconfigured-dependency': without(CONFIGURATION),
  'service.quota': without(CONFIGURATION),
  'service.surge': without('more users: let a load generator send them'),
  'service.retry-storm': without('more users and callers without a retry budget'),
};
