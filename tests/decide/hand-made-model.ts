/**
 * An order model made by hand: its network restarts services whose replicas are not ready, and does nothing else; its
 * rules do the same and free full disks besides. For tests that need to know what the right answer is.
 */

import type { RoleSpec } from '../../src/contract/index.ts';
import {
  CLUSTER_KIND,
  type FamiliarKind,
  type FamiliarSituations,
  type ModelFiles,
  type OrderModel,
  type Rule,
  type RuleSet,
  readOrderModel,
} from '../../src/decide/index.ts';
import { contestSpecs, signalCatalogue } from '../../src/environment/index.ts';
import { type OrderModelFiles, orderModelFiles } from '../../src/model/index.ts';
import { parameterCount, parameterGroup, parameterTable } from '../../src/neural/index.ts';
import type { NeuralAgent } from '../../src/policies/index.ts';

export const spec: RoleSpec = contestSpecs().order;

const shape = {
  componentFeatures: spec.observation.componentFeatures.length,
  clusterFeatures: spec.observation.clusterFeatures.length,
  criticFeatures: spec.observation.criticFeatures.length,
  verbs: spec.action.verbs.length,
  encoderUnits: 2,
  embeddingUnits: 2,
  headUnits: 2,
  valueUnits: 2,
};

/** Scores of restart-unready grow with the share of replicas that are not ready: as likely as nothing at 10 %. */
function weights(): Float32Array {
  const table = parameterTable(shape);
  const flat = new Float32Array(parameterCount(table));
  const set = (group: string, place: { row: number; column: number }, value: number): void => {
    const { offset, columns } = parameterGroup(table, group);
    flat[offset + place.row * columns + place.column] = value;
  };
  const feature = (name: string) => spec.observation.componentFeatures.findIndex((each) => each.name === name);
  const verb = (name: string) => spec.action.verbs.findIndex((each) => each.name === name);
  set('encoder.first.weights', { row: feature('signal.readyRatio'), column: 0 }, -1);
  set('encoder.first.weights', { row: feature('type.service'), column: 0 }, 1);
  set('encoder.second.weights', { row: 0, column: 0 }, 1);
  set('head.hidden.weights', { row: 0, column: 0 }, 1);
  for (const column of spec.action.verbs.keys()) set('head.verbs.bias', { row: 0, column }, -6);
  set('head.verbs.weights', { row: 0, column: verb('service.restart-unready') }, 20);
  set('head.verbs.bias', { row: 0, column: verb('service.restart-unready') }, -2);
  return flat;
}

export const agent: NeuralAgent = {
  name: 'hand-made',
  role: 'order',
  acts: 'best',
  shape,
  weights: weights(),
  scaling: {
    components: plain(shape.componentFeatures),
    cluster: plain(shape.clusterFeatures),
    critic: plain(shape.criticFeatures),
  },
  observationHash: spec.observation.hash,
  actionHash: spec.action.hash,
};

const rules: RuleSet = {
  observationHash: spec.observation.hash,
  actionHash: spec.action.hash,
  rules: [
    rule('service-1', 'service.restart-unready', { feature: 'signal.readyRatio', op: '<=', value: 0.9 }, 3),
    rule('disk-1', 'disk.free-space', { feature: 'signal.diskUsed', op: '>', value: 0.9 }, 1),
  ],
};

/** Healthy rows, and for services one in which half of the replicas are not ready and some requests fail. */
const familiar: FamiliarSituations = {
  kinds: {
    service: kind([
      ['signal.readyRatio', 1, 0.5],
      ['signal.errorRatio', 0, 0.3],
      ['signal.latencyMean', 0, 0.2],
      ['signal.cpu', 0.3, 0.5],
    ]),
    node: kind([
      ['signal.nodeReady', 1, 1],
      ['signal.cpu', 0.3, 0.6],
    ]),
    link: kind([['signal.loss', 0, 0]]),
    disk: kind([
      ['signal.diskUsed', 0.4, 0.95],
      ['signal.diskErrors', 0, 0],
    ]),
    [CLUSTER_KIND]: kind([
      ['door.successDeficit', -0.01, 0.5],
      ['door.latency', -0.5, 0],
      ['door.shed', 0, 0],
    ]),
  },
  strangenessMax: 1,
  falseAlarmRatio: 0.005,
};

const files: OrderModelFiles = orderModelFiles(agent, {
  spec,
  training: { steps: 0 },
  codeVersion: 'test',
  signals: signalCatalogue(),
  decision: {
    rules,
    familiar,
    limits: { ageSecondsMax: 60, alertAgeSecondsMax: 900, knownShareMin: 0.5, agreementMin: 0.6 },
    summary: ['Made by hand.'],
    ruleNotes: {},
    limitNotes: {},
  },
});

/** The files as they would lie in a folder; `changes` replaces some. */
export function modelFiles(changes: OrderModelFiles = {}): OrderModelFiles {
  return { ...files, ...changes };
}

/** Reads files that lie nowhere. */
function inMemory(all: OrderModelFiles): ModelFiles {
  const bytes = (name: string) => {
    const content = all[name] ?? '';
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return { folder: 'made-up', bytes, text: (name) => new TextDecoder().decode(bytes(name)) };
}

/** Its clock stands at the moment of the shop's signals. */
export const model: OrderModel = readOrderModel(inMemory(files), () => Date.parse('2026-11-22T12:00:00Z'));

function plain(width: number) {
  return { means: new Float32Array(width), factors: new Float32Array(width).fill(1) };
}

function rule(id: string, verb: string, condition: Rule['when'][number], priority: number): Rule {
  const kindName = id.replace(/-\d+$/, '');
  return { id, kind: kindName, when: [condition], do: verb, priority, support: 0.5, precision: 0.9, regret: 1 };
}

/** Feature, its healthy value and its value in the sick row; three quarters of training were healthy. */
function kind(features: readonly (readonly [string, number, number])[]): FamiliarKind {
  return {
    features: features.map(([name]) => name),
    scales: features.map(() => 0.2),
    usual: features.map(([, healthy]) => healthy),
    weights: [0.75, 0.25],
    rows: [features.map(([, healthy]) => healthy), features.map(([, , sick]) => sick)],
    distanceLimit: 2,
  };
}
