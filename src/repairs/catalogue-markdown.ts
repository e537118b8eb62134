/** The catalogue of repairs as a table, for the documentation. */

import { repairKinds } from './catalogue.ts';

/** Every repair with price, duration, risk and condition, as a Markdown table. */
export function repairCatalogueMarkdown(): string {
  const rows = repairKinds.map((repair) => {
    const holds = repair.holdSeconds === 0 ? '-' : `${repair.holdSeconds} s`;
    const takes = `${repair.durationSeconds} s`;
    const risk = `${Math.round(100 * repair.failureRatio)} %`;
    return row([`\`${repair.name}\``, repair.target, repair.cost, takes, holds, risk, repair.needs, repair.meaning]);
  });
  const header = ['repair', 'target', 'cost', 'takes', 'holds', 'fails', 'needs', 'what it does'];
  return [row(header), row(header.map(() => '---')), ...rows, ''].join('\n');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
