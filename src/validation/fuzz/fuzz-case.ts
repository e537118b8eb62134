/** One case of the fuzz: everything about it follows from an engine and a seed. */

import { DeeplOpsError } from '../../base/index.ts';
import type { EngineName } from '../../environment/index.ts';
import {
  compileDocument,
  estimateLoad,
  generateScenario,
  parseScenario,
  type Scenario,
  type ScenarioDocument,
  scenarioToYaml,
} from '../../scenario/index.ts';
import { Dice } from './dice.ts';
import { randomDocument } from './random-document.ts';
import { randomContest, randomControl, randomMonitoring } from './random-rules.ts';

/** Which case, and what is tried on it beside playing it once. */
export interface FuzzCase {
  readonly engine: EngineName;
  readonly seed: number;
  readonly scenario: Scenario;
  /** Chaos is paid by sampled look-aheads. */
  readonly regret: boolean;
  /** The whole episode is played again in a fresh environment. */
  readonly rerun: boolean;
  /** A snapshot of this step is restored some steps later, -1 = none. */
  readonly snapshotStep: number;
  /** Shares of steps in which the roles act. */
  readonly chaosActs: number;
  readonly orderActs: number;
  /** Effects put in force behind the back of faults and repairs, per step. */
  readonly effectsPerStep: number;
}

/** Requests a second that one workload may send, and that all services may get: the request engine pays for each. */
const RATES_MAX: Readonly<Record<EngineName, number>> = { flow: 1e7, request: 200 };
const LOAD_MAX: Readonly<Record<EngineName, number>> = { flow: Number.POSITIVE_INFINITY, request: 300 };
/** For messages of the reader. */
const FILE = 'fuzz.yaml';
/** How many documents are drawn until the reader takes one. */
const DRAWS_MAX = 20;

/** Draws a case. What the reader refuses is drawn again; what it refused is told to `onRefused`. */
export function fuzzCase(engine: EngineName, seed: number, onRefused: (code: string) => void = () => {}): FuzzCase {
  const scenario = drawScenario(engine, seed, onRefused);
  const dice = new Dice(seed, 'plan');
  const steps = scenario.contest.contestSeconds / scenario.contest.decisionSeconds.order;
  return {
    engine,
    seed,
    scenario,
    regret: dice.chance(0.1),
    rerun: dice.chance(0.2),
    snapshotStep: dice.chance(0.3) ? dice.whole(0, Math.max(0, Math.floor(steps) - 2)) : -1,
    chaosActs: dice.one([0, 0.3, 1]),
    orderActs: dice.one([0, 0.3, 1]),
    effectsPerStep: dice.one([0, 0, 0, 0.5, 3]),
  };
}

function drawScenario(engine: EngineName, seed: number, onRefused: (code: string) => void): Scenario {
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const dice = new Dice(seed, `document/${draw}`);
    const made = dice.chance(0.1) ? generated(dice) : randomDocument(dice, { ratesMax: RATES_MAX[engine] });
    try {
      const document = lightened(made, LOAD_MAX[engine]);
      return dice.chance(0.1) ? throughYaml(document) : compileDocument(document, { file: FILE });
    } catch (error) {
      // A complaint with a code is the reader's right; anything else is a bug and ends the run.
      if (!(error instanceof DeeplOpsError)) throw error;
      onRefused(`${error.code}: ${error.message}`);
    }
  }
  throw new DeeplOpsError('SCENARIO_INVALID', `the reader refused ${DRAWS_MAX} documents of fuzz seed ${seed}`);
}

/** A plausible cluster under random rules. */
function generated(dice: Dice): ScenarioDocument {
  const document = generateScenario({
    services: dice.whole(3, 8),
    seed: dice.whole(1, 1_000_000),
    replicasPerService: 2,
  });
  return {
    ...document,
    contest: randomContest(dice),
    control: randomControl(dice),
    monitoring: randomMonitoring(dice),
  };
}

/** The way of a file: text and back. */
function throughYaml(document: ScenarioDocument): Scenario {
  return parseScenario(scenarioToYaml(document), { file: FILE });
}

/** The same with fewer users, when their requests fan out into more calls than may be. */
function lightened(document: ScenarioDocument, loadMax: number): ScenarioDocument {
  const loads = estimateLoad(compileDocument(document, { file: FILE }).cluster);
  const load = loads.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  if (load <= loadMax) return document;
  const factor = loadMax / load;
  const workloads = document.workloads.map((workload) => ({
    ...workload,
    rate: Number.parseFloat(String(workload.rate)) * factor,
  }));
  return { ...document, workloads };
}
