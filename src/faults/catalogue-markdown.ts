/** The catalogue of faults as a table, for the documentation. */

import { faultVerbs } from './catalogue.ts';

/** Every fault at every severity, as a Markdown table. */
export function faultCatalogueMarkdown(): string {
  const rows = faultVerbs.map(({ kind, severity }) => {
    const duration = severity.durationSeconds === null ? 'until repaired' : `${severity.durationSeconds} s`;
    const parameters = Object.entries(severity.parameters).map(([name, value]) => `${name} ${parameterText(value)}`);
    return row([
      `\`${kind.name}\``,
      kind.target,
      severity.name,
      severity.cost,
      duration,
      parameters.join(', '),
      kind.meaning,
    ]);
  });
  const header = ['fault', 'target', 'severity', 'cost', 'lasts', 'parameters', 'what it does'];
  return [row(header), row(header.map(() => '---')), ...rows, ''].join('\n');
}

function parameterText(value: number): string {
  return value === Infinity ? 'all that chaos may touch' : String(value);
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
