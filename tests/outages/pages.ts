/** The pages of the library: prose by hand, and between marks what the scenario says and what playing it shows. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { timelineLine } from '../../src/cli/timeline.ts';
import { type Course, cases } from './cases.ts';
import { environmentOf, type Outcome, play } from './play-outage.ts';

/** Lines of the story on a page, from the first fault on. */
const STORY_LINES = 14;
/** Share served below that of doing nothing by which a repair counts as making it worse. */
const WORSE_BY = 0.005;

const outcomesNote = [
  'Outcomes of the library of outages: flow engine, seed 1. A different hash means that the simulation gives other',
  'results than before. If that is meant, say why in the commit and write this file and the pages anew with',
  '`npm run outages-doc`.',
].join(' ');

/** Path of a page. */
export function pageFile(name: string): string {
  return fileURLToPath(new URL(`../../docs/outages/${name}.md`, import.meta.url));
}

/** The page as it is, with its measured parts written anew. */
export function outagePage(name: string): string {
  const page = readFileSync(pageFile(name), 'utf8');
  const parts = {
    story: environmentOf(name).scenario.description.trim(),
    monitoring: story(name),
    outcomes: table(name),
  };
  return Object.entries(parts).reduce((text, [mark, content]) => withPart(text, mark, content), page);
}

/** A list of all outages with what each is about and what repairs it. */
export function indexPage(): string {
  const rows = Object.entries(cases).map(([name, { right }]) => {
    const about = environmentOf(name).scenario.description.split('. ')[0];
    return `| [${name}](${name}.md) | ${about} | ${courseText(right?.[0] ?? [])} |`;
  });
  return withPart(
    readFileSync(pageFile('README'), 'utf8'),
    'list',
    ['| outage | about | what repairs it |', '|---|---|---|', ...rows].join('\n'),
  );
}

/** The golden outcomes of all cases. */
export function outcomesFile(): string {
  const outages = Object.keys(cases).map((name) => [
    name,
    Object.fromEntries(
      outcomesOf(name).map(({ course, verdict, stateHash }) => [
        course.join('; ') || 'nothing',
        { repaired: verdict.repaired, served: Number(verdict.availability.toFixed(3)), stateHash },
      ]),
    ),
  ]);
  return `${JSON.stringify({ about: outcomesNote, outages: Object.fromEntries(outages) }, null, 2)}\n`;
}

function outcomesOf(name: string): Outcome[] {
  const { right = [], wrong } = cases[name]!;
  return [[], ...right, ...wrong].map((course) => play(name, course));
}

function story(name: string): string {
  const lines = play(name).entries.map(timelineLine);
  const first = lines.findIndex((line) => line.includes('  fault  '));
  const end = first + (cases[name]!.told ?? STORY_LINES);
  const cut = lines.length > end ? ['          ...'] : [];
  return ['```text', ...lines.slice(first, end), ...cut, '```'].join('\n');
}

function table(name: string): string {
  const { right = [], wrong } = cases[name]!;
  const outcomes = outcomesOf(name);
  const rows = outcomes.map((outcome) => row(outcome, outcomes[0]!));
  const commands = [[], ...right.slice(0, 1), ...wrong.slice(0, 1)].map((course) => `    ${command(name, course)}`);
  return ['| what is done | users served | outcome |', '|---|---|---|', ...rows, '', ...commands].join('\n');
}

function row({ course, verdict }: Outcome, nothing: Outcome): string {
  const worse = verdict.availability < nothing.verdict.availability - WORSE_BY ? '; **worse than nothing**' : '';
  const outcome = verdict.repaired ? '**repaired**' : `not repaired: ${verdict.stillBroken[0]}${worse}`;
  return `| ${courseText(course)} | ${(100 * verdict.availability).toFixed(1)} % | ${outcome} |`;
}

function courseText(course: Course): string {
  return course.map((repair) => `\`${repair}\``).join(', ') || 'nothing';
}

function command(name: string, course: Course): string {
  if (course.length === 0) return `deepl-ops replay ${name} --order none`;
  return `deepl-ops replay ${name} --repair ${course.map((repair) => `"${repair}"`).join(' ')}`;
}

/** The text with what stands between the two marks of a part replaced. */
function withPart(text: string, mark: string, content: string): string {
  const [before, after] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`];
  const [start, end] = [text.indexOf(before), text.indexOf(after)];
  if (start < 0 || end < start) throw new Error(`the page lacks the marks ${before} and ${after}`);
  return `${text.slice(0, start + before.length)}\n${content}\n${text.slice(end)}`;
}
