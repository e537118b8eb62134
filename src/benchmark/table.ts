/** Lays a benchmark's findings out as tables, for a terminal or in Markdown. */

import type { Estimate } from '../base/index.ts';
import type { BenchmarkSummary, CellSummary, Difference, QuietSummary } from './summary.ts';

type Layout = 'terminal' | 'markdown';

interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Words go left, numbers right. */
  readonly left?: boolean;
}

const cellColumns: readonly Column<CellSummary>[] = [
  { title: 'scenario', text: (row) => row.scenario, left: true },
  { title: 'chaos', text: (row) => row.chaos, left: true },
  { title: 'order', text: (row) => row.order, left: true },
  { title: 'repaired', text: (row) => `${row.repaired}/${row.contested}` },
  { title: 'repair success (95 %)', text: (row) => percents(row.repairSuccess) },
  { title: 'availability', text: (row) => percent(row.availabilityMean, 2) },
  { title: 'MTTR p50', text: (row) => seconds(row.timeToRepairSeconds?.p50) },
  { title: 'p95', text: (row) => seconds(row.timeToRepairSeconds?.p95) },
  { title: 'faults', text: (row) => row.faultsMean.toFixed(1) },
  { title: 'repairs', text: (row) => row.repairsMean.toFixed(1) },
  { title: 'failed', text: (row) => percent(row.repairsFailedRatio) },
  { title: 'cost', text: (row) => row.repairCostMean.toFixed(1) },
];

const quietColumns: readonly Column<QuietSummary>[] = [
  { title: 'scenario', text: (row) => row.scenario, left: true },
  { title: 'order', text: (row) => row.order, left: true },
  { title: 'quiet episodes', text: (row) => String(row.episodes) },
  { title: 'with a false repair (95 %)', text: (row) => percents(row.falseRepair) },
  { title: 'broken by order', text: (row) => String(row.broken) },
];

const differenceColumns: readonly Column<Difference>[] = [
  { title: 'scenario', text: (row) => row.scenario, left: true },
  { title: 'chaos', text: (row) => row.chaos, left: true },
  { title: 'order', text: (row) => row.order, left: true },
  { title: 'against', text: (row) => row.reference, left: true },
  { title: 'pairs', text: (row) => String(row.pairs) },
  { title: 'repair success, points (95 %)', text: (row) => points(row.repairSuccess) },
  { title: 'only this repaired', text: (row) => String(row.onlyAgent.length) },
  { title: 'only the other', text: (row) => String(row.onlyReference.length) },
];

/** The tables of a summary, those with rows; of several scenarios first how each agent did on each. */
export function summaryTables(summary: BenchmarkSummary, layout: Layout): string {
  const { cells, quiet, differences } = summary;
  const tables = [
    new Set(cells.map(({ scenario }) => scenario)).size > 1 ? overviewTable(summary, layout) : '',
    cells.length > 0 ? table(cellColumns, cells, layout) : '',
    quiet.length > 0 ? table(quietColumns, quiet, layout) : '',
    differences.length > 0 ? table(differenceColumns, differences, layout) : '',
  ];
  return tables.filter((text) => text !== '').join('\n\n');
}

interface Contest {
  readonly scenario: string;
  readonly chaos: string;
  /** A cell for each order agent that plays in it; of the last row, all cells there are. */
  readonly cells: readonly CellSummary[];
}

/** Share repaired by each order agent: a row for each scenario and chaos agent, and one for all of them. */
export function overviewTable({ cells }: BenchmarkSummary, layout: Layout): string {
  const contests = contestsOf(cells);
  const orders = [...new Set(cells.map(({ order }) => order))];
  const columns: Column<Contest>[] = [
    { title: 'scenario', text: (row) => row.scenario, left: true },
    ...(new Set(cells.map(({ chaos }) => chaos)).size > 1 ? [chaosColumn] : []),
    ...orders.map((order) => ({ title: order, text: (row: Contest) => repairedBy(order, row) })),
  ];
  return table(columns, [...contests, { scenario: 'all', chaos: 'all', cells }], layout);
}

const chaosColumn: Column<Contest> = { title: 'chaos', text: (row) => row.chaos, left: true };

function contestsOf(cells: readonly CellSummary[]): Contest[] {
  const contests = new Map<string, Contest & { readonly cells: CellSummary[] }>();
  for (const cell of cells) {
    const { scenario, chaos } = cell;
    const key = `${scenario} ${chaos}`;
    const contest = contests.get(key) ?? { scenario, chaos, cells: [] };
    contest.cells.push(cell);
    contests.set(key, contest);
  }
  return [...contests.values()];
}

function repairedBy(order: string, { cells }: Contest): string {
  const own = cells.filter((cell) => cell.order === order);
  const repaired = own.reduce((sum, cell) => sum + cell.repaired, 0);
  const contested = own.reduce((sum, cell) => sum + cell.contested, 0);
  return contested === 0 ? '-' : `${percent(repaired / contested)} (${repaired}/${contested})`;
}

function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], layout: Layout): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const laidOut = lines.map((line) =>
    line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return columns[column]?.left ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
  if (layout === 'terminal') return laidOut.map((line) => line.join('  ').trimEnd()).join('\n');
  const rule = columns.map(({ left }, column) =>
    left ? '-'.repeat(widths[column] ?? 3) : `${'-'.repeat((widths[column] ?? 3) - 1)}:`,
  );
  const [head = [], ...body] = laidOut;
  return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function percent(ratio: number, digits = 0): string {
  return `${(100 * ratio).toFixed(digits)} %`;
}

function percents({ value, low, high }: Estimate): string {
  return `${(100 * value).toFixed(1)} % (${(100 * low).toFixed(0)}-${(100 * high).toFixed(0)})`;
}

function points({ value, low, high }: Estimate): string {
  return `${signed(100 * value)} (${signed(100 * low)} to ${signed(100 * high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(0)} s`;
}
