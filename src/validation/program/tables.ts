/** The tables of a validation, for a terminal or a Markdown page. */

import { type CheckLine, percent } from '../check-line.ts';
import { type GridCell, lawRecovers, type RankingScore } from '../engines/index.ts';
import type { SummaryGate } from './validation-report.ts';

export type Layout = 'terminal' | 'markdown';

/** One row per quantity; `first` names what the first column holds. */
export function linesTable(lines: readonly CheckLine[], first: string, layout: Layout): string {
  const expected = first === 'group' ? 'request' : 'theory';
  const measured = first === 'group' ? 'flow' : 'measured';
  const head = [first, 'system', ...(first === 'group' ? [] : ['engine']), 'quantity', expected, measured];
  const rows = lines.map((line) => [
    line.row,
    line.title,
    ...(first === 'group' ? [] : [line.engine]),
    line.quantity,
    figure(line.expected),
    figure(line.measured),
    line.standardError === null ? '-' : figure(line.standardError, 2),
    line.expected === 0 && line.measured === 0 ? '0 %' : signedPercent(line.deviation),
    line.note === '' ? line.verdict : `${line.verdict} (${line.note})`,
  ]);
  return table([[...head, 'standard error', 'deviation', 'verdict'], ...rows], layout);
}

/** One row per engine and number of retries, one column per load. */
export function gridTable(cells: readonly GridCell[], layout: Layout): string {
  const ratios = [...new Set(cells.map(({ ratio }) => ratio))];
  const law = ['law', '', ...ratios.map((ratio) => (lawRecovers({ ratio }) ? 'recovers' : 'stuck'))];
  const keys = [...new Set(cells.map(({ engine, retries }) => `${engine} ${retries}`))];
  const rows = keys.map((key) => {
    const own = cells.filter(({ engine, retries }) => `${engine} ${retries}` === key);
    const [engine = '', retries = ''] = key.split(' ');
    return [engine, retries, ...own.map(({ recovered, runs }) => `${recovered}/${runs}`)];
  });
  return table([['engine', 'retries', ...ratios.map(String)], law, ...rows], layout);
}

/** One row per policy. */
export function rankingTable(scores: readonly RankingScore[], layout: Layout): string {
  const policies = [...new Set(scores.map(({ policy }) => policy))];
  const cell = (policy: string, engine: string): string => {
    const score = scores.find((each) => each.policy === policy && each.engine === engine);
    return score === undefined ? '-' : `${score.repaired}/${score.episodes}`;
  };
  const rows = policies.map((policy) => [policy, cell(policy, 'flow'), cell(policy, 'request')]);
  return table([['order policy', 'repaired on flow', 'on request'], ...rows], layout);
}

export function summaryTable(gates: readonly SummaryGate[], layout: Layout): string {
  const rows = gates.map(({ name, value, least, holds }) => [
    name,
    value.toFixed(2),
    least.toFixed(2),
    holds ? 'holds' : 'fails',
  ]);
  return table([['gate', 'value', 'at least', 'verdict'], ...rows], layout);
}

function table(rows: readonly (readonly string[])[], layout: Layout): string {
  const [head = [], ...body] = rows;
  if (layout === 'markdown') {
    return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  }
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number, digits: number = 6): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : '-';
}

function signedPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return '-';
  return `${ratio < 0 ? '' : '+'}${percent(ratio)}`;
}
