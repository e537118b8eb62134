/** A validation as text: for a terminal, and as `docs/validation.md`. */

import { quantile } from '../../base/index.ts';
import { ERRORS_MAX, percent } from '../check-line.ts';
import { engineGates, NEAR_THRESHOLD } from '../engines/index.ts';
import { gridTable, type Layout, linesTable, rankingTable, summaryTable } from './tables.ts';
import type { ValidationReport } from './validation-report.ts';

/** The tables one after the other, then what does not hold. */
export function validationText(report: ValidationReport): string {
  return [...sections(report, 'terminal').map(({ title, body }) => `${title}\n\n${body}`), outcome(report)].join(
    '\n\n',
  );
}

/** The page; `where` names machine, versions and how long it took. */
export function validationPage(report: ValidationReport, where: string): string {
  const parts = sections(report, 'markdown').map(({ title, about, body }) => `## ${title}\n\n${about}\n\n${body}`);
  return `# Validation

Made by \`deepl-ops validate --doc docs/validation.md\`; do not edit. ${where}

${outcome(report)}

${limitsText(report)}

${parts.join('\n\n')}
`;
}

/** In one or two sentences. */
function outcome({ lines, summary, failures, limits }: ValidationReport): string {
  const gated = lines.filter(({ verdict }) => verdict !== 'noted').length + summary.length;
  const beyond = lines.filter(({ verdict }) => verdict === 'known limit').length;
  const first =
    failures === 0
      ? `Of ${gated} gates ${gated - beyond} hold and ${beyond} are missed within a known limit.`
      : `Of ${gated} gates ${failures} do not hold.`;
  return limits.length === 0 ? first : `${first} ${limits.length} known limits were seen.`;
}

function limitsText({ limits, lines }: ValidationReport): string {
  const failed = lines.filter(({ verdict }) => verdict === 'fails');
  const reasons = [...new Set(limits.map(({ reason }) => reason))];
  const known = reasons.map((reason) => {
    const systems = limits.filter((limit) => limit.reason === reason).map(limitText);
    return `${reason}\n\n${systems.join('\n')}`;
  });
  const open = failed.map(
    ({ title, engine, quantity, deviation }) =>
      `- **${title}, ${quantity}** (${engine}): off by ${percent(deviation)}.`,
  );
  const blocks = [
    known.length > 0
      ? `Known limits, each reviewed (\`src/validation/program/known-limits.ts\`):\n\n${known.join('\n\n')}`
      : '',
    open.length > 0 ? `Gates that do not hold:\n\n${open.join('\n')}` : '',
  ].filter((block) => block !== '');
  return `## Limits\n\n${blocks.length === 0 ? 'No gate was missed.' : blocks.join('\n\n')}\n\n${BEYOND_GATES}`;
}

/** Differences of the engines that no gate covers, in plain words. */
const BEYOND_GATES = `Where no gate looks, the engines differ like this:

- Close to saturation \`flow\` tips over a little earlier than \`request\`, above all with slow disks and slow links: it does not know that few callers bound a queue.
- Neither engine adds retransmitted bytes to the load of a link, and neither has congestion control; of an overloaded link only the goodput is meant, not its latency.
- The p99 of \`flow\` is one gamma distribution for a mixture of unlike replicas or outcomes: too high where some calls fail at once or only some are delayed, too low under some losses.
- The p99 of \`request\` is that of a monitoring window, and so below the stationary one where queues change slowly.
- A pool of connections that is all but exhausted has a shorter queue in \`flow\`; above and below both agree.
- Retries of one call are independent in \`flow\`; in \`request\` one success ends a whole tree of retries.`;

function limitText({ title, quantity, engine, seen, deviationMax }: ValidationReport['limits'][number]): string {
  const what = quantity === null ? title : `${title}, ${quantity}`;
  return `- ${what} (${engine}): off by ${percent(seen)} here, by ${percent(deviationMax)} at most.`;
}

interface Section {
  readonly title: string;
  readonly about: string;
  readonly body: string;
}

function sections(report: ValidationReport, layout: Layout): Section[] {
  const of = (section: string) => report.lines.filter((line) => line.section === section);
  const { throughput, inSystem, backlog, criticalGoodput } = engineGates;
  const all: Section[] = [
    {
      title: 'Theory',
      about: `Systems whose behaviour is known in closed form. \`flow\` runs at a constant rate until it rests and has to be within 0.1 %. \`request\` and stations are measured by batch means: off by at most ${ERRORS_MAX} standard errors, which may be 1 % of the value (of its rarer side for shares near 1); a case that misses is measured once more with other dice and four times the work, and that counts. A station is wired from the kernel's event queue and the base's samplers, because the product has no such part as a whole: its rows test queue, samplers and the formula, not the engines. That the table can fail is seen with \`--wrong-service-rate 1.02\`, which makes every server 2 % faster than theory is told.`,
      body: linesTable(of('theory'), 'row', layout),
    },
    {
      title: 'Hard cases',
      about: 'Chosen to break it; a standard error of 3 % will do.',
      body: linesTable(of('hard cases'), 'row', layout),
    },
    {
      title: 'Engine against engine',
      about: `The same clusters and seeds on both engines, \`flow\` as it is in use. \`flow\` may differ by ${percent(throughput)} in what is done per second, ${percent(inSystem)} in numbers at rest, ${percent(backlog)} in backlogs, and ${percent(criticalGoodput)} in timely answers at the edge of overload. Mean latency and p99 are only noted. ${tailText(report)}`,
      body: linesTable(of('engines'), 'group', layout),
    },
    {
      title: 'Retry storms',
      about: `A service of 10 workers and 100 ms is slowed twentyfold for 40 s; runs out of all that answer their users again 15 minutes later. Columns: load over the threshold, capacity / (1 + retries), above which a storm sustains itself. Cells within ${percent(NEAR_THRESHOLD)} of the threshold are shown and do not count.`,
      body: report.grid.length === 0 ? '' : gridTable(report.grid, layout),
    },
    {
      title: 'Ranking of policies',
      about: 'Repaired episodes against the chaos monkey on the default scenario.',
      body: report.ranking.length === 0 ? '' : rankingTable(report.ranking, layout),
    },
    { title: 'Summary', about: 'Gates over many runs.', body: summaryTable(report.summary, layout) },
  ];
  return all.filter(({ body }) => body !== '');
}

/** How far the p99 of `flow` is off. */
function tailText({ lines }: ValidationReport): string {
  const tails = lines.filter(({ section, quantity }) => section === 'engines' && quantity.startsWith('p99'));
  const off = tails.map(({ deviation }) => deviation).filter(Number.isFinite);
  if (off.length === 0) return '';
  const low = Math.max(0, -Math.min(...off));
  const high = Math.max(0, ...off);
  const typical = quantile(off.map(Math.abs), 0.5);
  return `The p99 of \`flow\` is an approximation for monitoring: it understates that of \`request\` by up to ${percent(low)} and overstates it by up to ${percent(high)}; half of the systems are within ${percent(typical)}.`;
}
