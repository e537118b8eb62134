/** Which repair cures, eases or worsens which fault: every pair is really run, against doing nothing with the same dice. */

import { quantile } from '../base/index.ts';
import { encodeChoice, type Topology } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../environment/index.ts';
import { repairVerbs } from '../repairs/index.ts';
import { perRole } from '../replay/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { playOn, type SingleFault, type Stretch, singleFaults } from './single-fault.ts';
import { withAllFaults } from './with-all-faults.ts';

/** What a repair does to a fault; null = it is not on offer anywhere near. */
export type RepairEffect = 'cures' | 'eases' | 'worsens' | 'nothing' | null;

/** One fault against every repair. */
export interface MatrixRow {
  readonly fault: SingleFault;
  /** Mean objective loss over the stretch if nothing is done, 0 to 1; the median of the seeds. */
  readonly lossAlone: number;
  /** In the order of `repairVerbs`. */
  readonly effects: readonly RepairEffect[];
}

/** How the pairs are run and judged; `docs/faults.md` states it. */
export const matrixRules = {
  seeds: 5,
  /** From the fault to the repair. */
  delaySeconds: 30,
  /** From the repair to the end of the comparison. */
  stretchSeconds: 180,
  /** A cure must hold the objectives to the end for this long. */
  heldSeconds: 60,
  curesRatioMax: 0.5,
  easesRatioMax: 0.8,
  worsensRatioMin: 1.2,
  /** Less difference in loss times seconds than this counts as none. */
  differenceMin: 2,
  /** A repair is aimed at components up to this many dependencies away. */
  distanceMax: 3,
} as const;

export interface MatrixOptions {
  /** Default `matrixRules.seeds`. */
  readonly seeds?: number;
  /** Names of faults to run; default all. */
  readonly faults?: readonly string[];
  /** Names of repairs to run; default all. Others count as not on offer. */
  readonly repairs?: readonly string[];
  readonly onRow?: (row: MatrixRow) => void;
}

/** Runs every pair on a scenario with the flow engine, whichever faults its contest allows. */
export function measureRepairMatrix(scenario: Scenario, options: MatrixOptions = {}): MatrixRow[] {
  const environment = createEnvironment(withAllFaults(scenario), { engine: 'flow' });
  return singleFaults(environment, { seed: 1, faults: options.faults }).map((fault) => {
    const row = measureRow(environment, fault, options);
    options.onRow?.(row);
    return row;
  });
}

/** What the seeds gave for one repair on one component. */
interface Attempt {
  readonly verb: number;
  readonly component: number;
  readonly stretches: Stretch[];
}

function measureRow(environment: ContestEnvironment, fault: SingleFault, options: MatrixOptions): MatrixRow {
  const { seeds = matrixRules.seeds, repairs } = options;
  const alone: Stretch[] = [];
  let attempts: Attempt[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    environment.reset({ seed });
    playOn(environment, { chaos: fault.choice, seconds: matrixRules.delaySeconds });
    const start = environment.snapshot();
    // Restoring writes the observations of that moment; the steps after it overwrite them.
    const mask = perRole(environment.restore(start).observations, 'order').mask.slice();
    if (seed === 1) {
      attempts = aim(environment.topology, fault.component, mask).filter(
        ({ verb }) => repairs?.includes(repairVerbs[verb]?.name ?? '') ?? true,
      );
    }
    const nothing = playOn(environment, { seconds: matrixRules.stretchSeconds });
    alone.push(nothing);
    for (const { verb, component, stretches } of attempts) {
      const order = encodeChoice({ component, verb }, repairVerbs.length);
      environment.restore(start);
      stretches.push(mask[order] === 1 ? playOn(environment, { order, seconds: matrixRules.stretchSeconds }) : nothing);
    }
  }
  const effects = repairVerbs.map((_, verb) => {
    const ofVerb = attempts.filter((attempt) => attempt.verb === verb);
    return effectOf(alone, ofVerb);
  });
  return { fault, lossAlone: medianLoss(alone) / matrixRules.stretchSeconds, effects };
}

/** Each repair on the nearest components on which it is on offer, by dependencies in either direction. */
function aim(topology: Topology, from: number, mask: Uint8Array): Attempt[] {
  const rings = ringsAround(topology, from);
  return repairVerbs.flatMap((_, verb) => {
    const offered = (component: number): boolean => mask[encodeChoice({ component, verb }, repairVerbs.length)] === 1;
    const nearest = rings.find((ring) => ring.some(offered)) ?? [];
    return nearest.filter(offered).map((component) => ({ verb, component, stretches: [] }));
  });
}

/** Components by their distance from one, itself first. */
function ringsAround({ dependencies, dependents }: Topology, from: number): number[][] {
  const rings = [[from]];
  const seen = new Set([from]);
  for (let distance = 1; distance <= matrixRules.distanceMax; distance += 1) {
    const next = (rings.at(-1) ?? []).flatMap((component) => [
      ...(dependencies[component] ?? []),
      ...(dependents[component] ?? []),
    ]);
    const ring = [...new Set(next)].filter((component) => !seen.has(component)).sort((a, b) => a - b);
    for (const component of ring) seen.add(component);
    rings.push(ring);
  }
  return rings;
}

function effectOf(alone: readonly Stretch[], attempts: readonly Attempt[]): RepairEffect {
  const effects = attempts.map(({ stretches }) => compare(alone, stretches));
  for (const effect of ['cures', 'eases', 'nothing', 'worsens'] as const) if (effects.includes(effect)) return effect;
  return null;
}

function compare(alone: readonly Stretch[], repaired: readonly Stretch[]): RepairEffect {
  const { curesRatioMax, easesRatioMax, worsensRatioMin, differenceMin } = matrixRules;
  const [before, after] = [medianLoss(alone), medianLoss(repaired)];
  if (Math.abs(after - before) < differenceMin) return 'nothing';
  const held = repaired.filter(({ heldSeconds }) => heldSeconds >= matrixRules.heldSeconds).length;
  if (after <= curesRatioMax * before && held > repaired.length / 2) return 'cures';
  if (after <= easesRatioMax * before) return 'eases';
  return after >= worsensRatioMin * before ? 'worsens' : 'nothing';
}

function medianLoss(stretches: readonly Stretch[]): number {
  return quantile(
    stretches.map(({ lossSeconds }) => lossSeconds),
    0.5,
  );
}
