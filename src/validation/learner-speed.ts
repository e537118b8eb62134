/** The same update of the same network on every backend that loads here, in one run and in turns. */

import {
  type PreparedBackend,
  plainSpeedProbe,
  prepareBackend,
  type SpeedProbe,
  simdBackend,
} from '../neural/index.ts';
import { measureInTurns, type Timing, type Work } from './measure.ts';
import type { SpeedOptions, SpeedRow } from './speed.ts';

/** The network and the minibatch whose speed has a figure to reach. */
const SHAPE = { inputs: 128, hiddenUnits: 64, choices: 32 };
const MINIBATCH = 512;
const UPDATE = 'learner update, plain 128-64-64-(32+1), minibatch 512';
const SAMPLES_TARGET = 150_000;
const RATIO_TARGET = 3;

/** What was measured, and why a library is missing. */
export interface LearnerSpeeds {
  readonly rows: readonly SpeedRow[];
  readonly notes: readonly string[];
}

/** Samples per second of our own kernels, of TensorFlow.js on WebAssembly and, where it loads, of tfjs-node. */
export async function measureLearners({ clock, secondsPerRow }: SpeedOptions): Promise<LearnerSpeeds> {
  const fastest = await prepareBackend('tfjs');
  const wasm = await prepareBackend('tfjs', 'tfjs-wasm');
  const backends = [simdBackend, wasm, ...(fastest.library === 'tfjs-node' ? [fastest] : [])];
  const works = backends.map((backend) => updateWork(plainSpeedProbe(backend.createPlain(SHAPE), MINIBATCH)));
  const timings = measureInTurns(works, { clock, seconds: secondsPerRow });
  const rows = backends.map((backend, index) => updateRow(backend, timings[index]!));
  return {
    rows: [...rows, ratioRow(timings[0]!, timings[1]!)],
    notes: fastest.fallbackReason === undefined ? [] : [fastest.fallbackReason],
  };
}

/** Complete updates as work to be timed, a sample a unit. */
export function updateWork(probe: SpeedProbe): Work {
  return {
    run: () => {
      probe.update();
      return probe.samples;
    },
  };
}

function updateRow({ library }: PreparedBackend, timing: Timing): SpeedRow {
  return {
    name: library === 'simd' ? UPDATE : `${UPDATE}, ${library}`,
    unit: 'samples/s',
    value: timing.unitsPerSecond,
    median: timing.unitsPerSecondMedian,
    target: library === 'simd' ? SAMPLES_TARGET : null,
  };
}

function ratioRow(own: Timing, wasm: Timing): SpeedRow {
  return {
    name: 'learner update, simd over tfjs-wasm',
    unit: 'times',
    value: own.unitsPerSecond / wasm.unitsPerSecond,
    median: own.unitsPerSecondMedian / wasm.unitsPerSecondMedian,
    target: RATIO_TARGET,
  };
}
