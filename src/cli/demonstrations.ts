/** Demonstrations that training settings name: found and checked first, copied into the run's folder, read from there. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, readTextFile, writeWholeFile } from '../base/index.ts';
import { type ContestEnvironment, contestRoles, createEnvironment } from '../environment/index.ts';
import type { Demonstrations, Player, RecordedEpisode, TrainSettings } from '../learn/index.ts';
import { readAgent, writeAgent } from '../model/index.ts';
import { findPolicy } from '../policies/index.ts';
import {
  hasRecordingName,
  parseRecording,
  type Recording,
  type Role,
  readRecording,
  recordingText,
  verifyRecording,
} from '../replay/index.ts';
import { fittingAgent, type SeatedTask } from './fitting-agent.ts';
import { pause } from './play.ts';

/** Episodes that a policy plays where the settings do not say. */
const EPISODES = 200;

type DemonstrationSettings = TrainSettings['coldStart'][string]['demonstrations'][number];

/** Checks all demonstrations and returns what copies them into a run's folder; nothing is written before that. */
export async function findDemonstrations(
  settings: TrainSettings,
  task: SeatedTask & { readonly signal: AbortSignal },
): Promise<(runPath: string) => void> {
  const copies: ((runPath: string) => void)[] = [];
  for (const [role, source, folder] of sourcesOf(settings)) {
    for (const [name, reference, seat] of playersOf(source, role)) {
      const { trained } = fittingAgent(reference, seat, task);
      if (trained === undefined) continue;
      copies.push((path) => writeAgent(join(path, folder, name), trained, { training: { copiedFrom: reference } }));
    }
    for (const [index, file] of recordingFiles(source).entries()) {
      const recording = await readRecording(file);
      await checkRecording(recording, file);
      copies.push((path) => writeWholeFile(join(path, folder, recordingName(index)), recordingText(recording)));
      await pause(task.signal);
    }
  }
  return (runPath) => {
    for (const copy of copies) copy(runPath);
  };
}

/** The demonstrations of a run, by role, from the copies in its folder. */
export function readDemonstrations(runPath: string, settings: TrainSettings): Record<Role, Demonstrations[]> {
  const found: Record<Role, Demonstrations[]> = { chaos: [], order: [] };
  for (const [role, source, folder] of sourcesOf(settings)) {
    const { policy, episodes = EPISODES, weight, actionsOnly } = source;
    const player = (name: string, reference: string): Player =>
      findPolicy(reference) === undefined ? readAgent(join(runPath, folder, name)).agent : reference;
    if (policy === undefined) {
      found[role].push({ kind: 'recorded', episodes: readEpisodes(join(runPath, folder)), weight, actionsOnly });
    } else {
      const other = (name: 'against' | 'playedBy') => {
        const reference = source[name];
        return reference === undefined ? undefined : player(name, reference);
      };
      const demonstrator = player('policy', policy);
      found[role].push({
        kind: 'played',
        demonstrator,
        against: other('against'),
        playedBy: source.playedBy === policy ? demonstrator : other('playedBy'),
        episodes,
        weight,
        actionsOnly,
      });
    }
  }
  return found;
}

/** The settings with demonstrations as they lie in a run's folder, by paths relative to it. */
export function copiedDemonstrations(settings: TrainSettings): TrainSettings {
  const coldStart = Object.entries(settings.coldStart).map(([role, own]) => {
    const demonstrations = own.demonstrations.map((source, index) => copiedSource(source, `${role}-${index + 1}`));
    return [role, { ...own, demonstrations }] as const;
  });
  return { ...settings, coldStart: Object.fromEntries(coldStart) };
}

function copiedSource(source: DemonstrationSettings, name: string): DemonstrationSettings {
  const folder = `demonstrations/${name}`;
  const copied = (part: string, reference: string): string =>
    findPolicy(reference) === undefined ? `${folder}/${part}` : reference;
  const playedBy = source.playedBy === source.policy ? 'policy' : 'playedBy';
  return {
    ...source,
    ...(source.policy === undefined ? {} : { policy: copied('policy', source.policy) }),
    ...(source.against === undefined ? {} : { against: copied('against', source.against) }),
    ...(source.playedBy === undefined ? {} : { playedBy: copied(playedBy, source.playedBy) }),
    ...(source.recordings === undefined ? {} : { recordings: [folder] }),
  };
}

/** Every source with its role and its place in a run's folder. */
function sourcesOf({ coldStart }: TrainSettings): [Role, DemonstrationSettings, string][] {
  return Object.entries(coldStart).flatMap(([name, { demonstrations }]) => {
    const role = contestRoles.find((each) => each === name);
    if (role === undefined) {
      const hint = `The roles are ${contestRoles.join(' and ')}.`;
      throw new DeeplOpsError('CONFIG_INVALID', `coldStart.${name}: there is no such role`, { hint });
    }
    return demonstrations.map((source, index): [Role, DemonstrationSettings, string] => {
      return [role, source, join('demonstrations', `${role}-${index + 1}`)];
    });
  });
}

/** Who plays in a source: the name of the copy, what it was asked for by, and the seat. */
function playersOf({ policy, against, playedBy }: DemonstrationSettings, role: Role): [string, string, Role][] {
  const players: [string, string, Role][] = [];
  if (policy !== undefined) players.push(['policy', policy, role]);
  if (playedBy !== undefined && playedBy !== policy) players.push(['playedBy', playedBy, role]);
  if (against !== undefined) players.push(['against', against, role === 'order' ? 'chaos' : 'order']);
  return players;
}

/** A recording is what it says only as long as it comes out the same here, step by step. */
async function checkRecording(recording: Recording, file: string): Promise<void> {
  const { header } = recording;
  const environment = createEnvironment(header.scenario, { engine: header.engine, script: header.script });
  const outcome = await verified(recording, environment, file);
  if (outcome.same) return;
  const { step, part } = outcome.divergence;
  const message = `${header.codeVersion} recorded something else than happens here: at step ${step} the ${part} differs`;
  throw new DeeplOpsError('RECORDING_VERSION', message, { place: { file } });
}

async function verified(recording: Recording, environment: ContestEnvironment, file: string) {
  try {
    const steps = verifyRecording(recording, environment);
    for (;;) {
      const next = await steps.next();
      if (next.done) return next.value;
    }
  } catch (error) {
    if (!(error instanceof DeeplOpsError)) throw error;
    throw new DeeplOpsError(error.code, error.message, { place: { file }, hint: error.hint, cause: error });
  }
}

/** The files named, and for a folder all recordings in it. */
function recordingFiles({ recordings = [] }: DemonstrationSettings): string[] {
  return recordings.flatMap((path) => {
    if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter(hasRecordingName);
    if (names.length > 0) return names.sort().map((name) => join(path, name));
    throw new DeeplOpsError('FILE_NOT_FOUND', 'there are no recordings (.jsonl, .jsonl.gz) in this folder', {
      place: { file: path },
    });
  });
}

function recordingName(index: number): string {
  return `${String(index + 1).padStart(4, '0')}.jsonl`;
}

function readEpisodes(folder: string): RecordedEpisode[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const file = join(folder, name);
      return recordedEpisode(parseRecording(readTextFile(file), { file }));
    });
}

/** The scenario of the recording is a task of its own. */
function recordedEpisode({ header, steps }: Recording): RecordedEpisode {
  const { scenario, engine, script, seed } = header;
  const choices = (role: Role): number[] => steps.map((step) => step.choices[role]);
  return {
    task: { name: 'contest', options: { scenarios: [scenario], engine, script, regret: true } },
    seed,
    choices: { chaos: choices('chaos'), order: choices('order') },
  };
}
