/** Two order agents side by side, for people. */
import { type ChoicePair, type FirstDifference, repairFigures } from '../replay/index.ts';
import type { Performance } from './perform.ts';
import { tableText } from './table-text.ts';

/** The figures of each, as columns. */
export function figuresText(performances: readonly Performance[]): string {
  const columns = performances.map(({ order, verdict, leftOut }): readonly string[] => {
    if (verdict === null) return [order];
    const figures = repairFigures(verdict);
    const { repaired, shareServed, brokenSeconds, timeToRepairSeconds, repairs, wrongRepairs, repairCost } = figures;
    return [
      order,
      repaired ? 'repaired' : 'NOT repaired',
      `${(100 * shareServed).toFixed(2)} %`,
      `${brokenSeconds.toFixed(0)} s`,
      timeToRepairSeconds === null ? '-' : `${timeToRepairSeconds.toFixed(0)} s`,
      String(repairs),
      String(wrongRepairs),
      repairCost.toFixed(1),
      String(leftOut.length),
    ];
  });
  return tableText(ROWS.map((name, row) => [name, ...columns.map((column) => column[row] ?? '')]));
}

const ROWS = [
  '',
  'verdict',
  'share served',
  'objectives broken for',
  'mean time to repair',
  'repairs',
  'wrong repairs',
  'cost of repairs',
  'faults left out',
];

/** The first different choice and those around it, under the names of the two. */
export function differenceText(difference: FirstDifference | null, names: readonly [string, string]): string {
  if (difference === null) return `${names[0]} and ${names[1]} chose the same at every step.`;
  const { step, timeSeconds, around } = difference;
  const rows = around.map((pair) => choiceRow(pair, pair.step === step));
  return [
    `The first different choice is that of step ${step}, at ${timeSeconds.toFixed(0)} s:`,
    tableText([['', 'step', 'at', 'chaos', ...names], ...rows], '  '),
  ].join('\n');
}

function choiceRow({ step, timeSeconds, chaos, order }: ChoicePair, isFirst: boolean): string[] {
  const [first, second] = chaos.map(inWords);
  // A fault may be legal in one of the two only.
  const faults = first === second ? first : `${first} / ${second}`;
  return [isFirst ? '>' : '', String(step), `${timeSeconds.toFixed(0)} s`, faults ?? '', ...order.map(inWords)];
}

function inWords(choice: string | null): string {
  return choice ?? '(over)';
}
