/** Lines of a report that hold parts of files: short, without what a terminal would obey, and not too many. */
import { visible } from '../../base/index.ts';

const LINE_LENGTH_MAX = 400;
const LINES_MAX = 1000;

/** The lines, each once. */
export function tidyLines(lines: Iterable<string>): string[] {
  const tidy: string[] = [];
  const seen = new Set<string>();
  let left = 0;
  for (const line of lines) {
    const short = line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX - 3)}...` : line;
    const shown = visible(short).replaceAll('\n', ' ');
    if (seen.has(shown)) continue;
    if (tidy.length === LINES_MAX) {
      left += 1;
      continue;
    }
    seen.add(shown);
    tidy.push(shown);
  }
  return left > 0 ? [...tidy, `and ${left} more`] : tidy;
}
