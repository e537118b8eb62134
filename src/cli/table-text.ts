/** Rows of words as columns for people. */

/** Each column as wide as its widest cell; cells of later columns stand under one another from the left. */
export function tableText(rows: readonly (readonly string[])[], indent = ''): string {
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) => `${indent}${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
