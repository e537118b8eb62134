/** Runs one system on both engines with the same seeds, and judges how far `flow` is from `request`. */

import { mean, standardError } from '../../base/index.ts';
import { type CheckLine, deviationOf, percent, type Verdict } from '../check-line.ts';
import { engineGates, type GateCase, type GateKind } from './gate-case.ts';
import { MeasuredCluster, type MeasuredEngine } from './measured-cluster.ts';

/** One line per quantity. */
export function runGateCase(
  of: GateCase,
  { seed, seeds }: { readonly seed: number; readonly seeds: number },
): CheckLine[] {
  const all = Array.from({ length: seeds }, (_, index) => `validate/${seed}/${of.title}/${index}`);
  const flow = all.map((each) => readings(of, 'flow', each));
  const request = all.map((each) => readings(of, 'request', each));
  return of.quantities.map(({ name, gate }, index) => {
    const expected = mean(request.map((values) => values[index]!));
    const error = standardError(request.map((values) => values[index]!));
    const measured = mean(flow.map((values) => values[index]!));
    const deviation = deviationOf(measured, expected);
    return {
      section: 'engines',
      row: of.group,
      title: of.title,
      engine: 'flow',
      quantity: name,
      expected,
      measured,
      standardError: error,
      deviation,
      ...judgeGate(gate, { deviation, expected, measured }),
    };
  });
}

/** Of rates and numbers below this nothing happens; their ratio says nothing. */
const NOTHING = 1e-3;

function judgeGate(
  gate: GateKind,
  { deviation, expected, measured }: { deviation: number; expected: number; measured: number },
): { readonly verdict: Verdict; readonly note: string } {
  if (gate === 'noted') return { verdict: 'noted', note: '' };
  const allowed = engineGates[gate];
  const nothing = Math.abs(expected) < NOTHING && Math.abs(measured) < NOTHING;
  if (nothing || Math.abs(deviation) <= allowed) return { verdict: 'holds', note: `within ${percent(allowed)}` };
  return { verdict: 'fails', note: `beyond ${percent(allowed)}` };
}

function readings(of: GateCase, engine: MeasuredEngine, seed: string): number[] {
  const cluster = new MeasuredCluster(of.spec, engine, seed);
  of.disturb?.(cluster);
  if (of.settleSeconds > 0) cluster.window(of.settleSeconds);
  const window = cluster.window(of.measureSeconds);
  return of.quantities.map(({ read }) => read(window));
}
