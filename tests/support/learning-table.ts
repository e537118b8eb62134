/** A reporter that ends the learning tests with a table: what was reached, how fast. */
import type { Reporter, TestModule } from 'vitest/node';
import type { LearnedFigures } from './learning-runs.ts';

const headers = ['task', 'seed', 'steps', 'mean return', 'needed', 'episodes', 'seconds', 'steps/s'];

/** Prints the figures that tests left in their `meta`. */
export class LearningTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const learned = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.meta().learned));
    const rows = learned.filter((figures) => figures !== undefined).map(cells);
    if (rows.length > 0) process.stdout.write(`\n${format([headers, ...rows])}\n`);
  }
}

function cells({ name, seed, steps, meanReturn, needed, episodes, seconds }: LearnedFigures): string[] {
  const numbers = [seed, steps, meanReturn.toFixed(1), needed, episodes, seconds.toFixed(1)];
  return [name, ...numbers.map(String), String(Math.round(steps / seconds))];
}

function format(rows: readonly (readonly string[])[]): string {
  const widths = headers.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  return `${rows.map(line).join('\n')}\n`;
}
