/** The catalogue of faults as tables, for the documentation. */

import { faultKinds, faultVerbs } from './catalogue.ts';
import { parameterText } from './parameters.ts';
import { chaosToolKeys, chaosTools } from './tool-names.ts';

/** Every fault at every severity, as a Markdown table. */
export function faultCatalogueMarkdown(): string {
  const rows = faultVerbs.map(({ kind, severity }) => {
    const duration = severity.durationSeconds === null ? 'until repaired' : `${severity.durationSeconds} s`;
    const parameters = Object.entries(severity.parameters).map(([name, value]) => `${name} ${parameterText(value)}`);
    return [
      `\`${kind.name}\``,
      kind.target,
      severity.name,
      severity.cost,
      duration,
      parameters.join(', '),
      kind.meaning,
    ];
  });
  return table(['fault', 'target', 'severity', 'cost', 'lasts', 'parameters', 'what it does'], rows);
}

/** By which names chaos tools know the faults, as a Markdown table. */
export function toolNamesMarkdown(): string {
  const rows = faultKinds.map(({ name, knownAs }) => [
    `\`${name}\``,
    ...chaosToolKeys.map((tool) => (knownAs[tool] ?? []).map((each) => `\`${each}\``).join(', ') || '-'),
  ]);
  return table(['fault', ...chaosToolKeys.map((tool) => chaosTools[tool])], rows);
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [row(header), row(header.map(() => '---')), ...rows.map(row), ''].join('\n');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
