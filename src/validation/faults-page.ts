/** The text of `docs/faults.md`: both catalogues, and the measured table of which repair helps against which fault. */

import { assert } from '../base/index.ts';
import { faultCatalogueMarkdown, faultKinds, toolNamesMarkdown } from '../faults/index.ts';
import { repairCatalogueMarkdown, repairVerbs } from '../repairs/index.ts';
import { type MatrixRow, matrixRules } from './repair-matrix.ts';

const MEASURED_HEADING = '## Which repair helps against which fault';

/** The whole page; `measured` is its last section, as `measuredSection` writes it or as an older page has it. */
export function faultsPage(measured: string): string {
  return `# Faults and repairs

Made by \`npm run faults-doc\`; do not edit.

## Faults

What chaos may do. A fault ends by itself after the time in "lasts", or when repairs have undone all its effects. Of a service's replicas it touches no more than the scenario's share (\`contest.replicaShare\`), but always one. Which faults a contest allows is up to its scenario (\`contest.faults\`).

A fault in a script may state other parameters, another duration, how many replicas it takes (\`mode\` and \`value\`, as in Chaos Mesh; this overrules the share), and for what passes between two services a \`peer\` and a \`direction\`: \`to\` is what the target sends to the others, \`from\` what it gets from them; for resets, cut answers and slow closing it is the calls it makes and the calls it takes. On an uplink \`to\` is away from the machine, on a link between zones towards the second one. Such faults hold for the replicas that exist when they start: one that is started elsewhere escapes, one that is restarted in place does not.

${faultCatalogueMarkdown()}
## What other tools call them

Only names that the tools themselves use; "-" is where a tool has nothing like it. What a tool does to the packets of a pod is a fault of a service here, and of a link what happens between machines.

${toolNamesMarkdown()}
## Repairs

What order may do. "takes" is typical; "holds" is how long its effect lasts afterwards; "fails" is the chance that an attempt fails although what it needs is there. Without what it needs it always fails, at its cost.

${repairCatalogueMarkdown()}
Two things are not there on purpose. There is no repair that removes a fault: each of these changes the system, at a price. And there is no escalation to a human: a simulated one would either do nothing, as waiting does, or know the answer, which no repair may; an order model that is not sure says so with its confidence instead.

${measured}`;
}

/** The measured section of an existing page. */
export function measuredPartOf(page: string): string {
  const at = page.indexOf(MEASURED_HEADING);
  assert(at >= 0, 'the page of faults has a measured section');
  return page.slice(at);
}

/** The section that tells what was measured, and how. */
export function measuredSection(rows: readonly MatrixRow[], scenarioName: string): string {
  return `${MEASURED_HEADING}

Measured on \`${scenarioName}\` with the flow engine and every fault allowed. Each fault at its highest severity is started alone when the contest begins, on the component of its sort where it does most harm; ${matrixRules.delaySeconds} s later one repair is started, and then nothing more is done. The objective loss of the ${matrixRules.stretchSeconds} s after that is compared with the loss if nothing is done, from the same state with the same dice (${matrixRules.seeds} seeds, medians). A repair is aimed at the nearest component on which it is on offer, by dependencies: the fault's own first, at most ${matrixRules.distanceMax} steps away; among several equally near, the one where it helps most counts.

${legend()}

Repairs are named without their kind of component. A fault against which no single repair is a cure may need two: of the links between zones, a reroute and then a fail-over or another place for the replicas that still call across. The table knows only what users lose; a verdict also asks for the required replicas, so that a lost disk has to be replaced in the end although a fail-over serves the users again. ${leftOut(rows)}

${matrixMarkdown(rows)}`;
}

/** Names the faults that found nothing to act on. */
function leftOut(rows: readonly MatrixRow[]): string {
  const measured = new Set(rows.map(({ fault }) => fault.fault));
  const names = faultKinds.filter(({ name }) => !measured.has(name)).map(({ name }) => `\`${name}\``);
  return names.length === 0 ? '' : `Without anything to act on in this system, and so left out: ${names.join(', ')}.`;
}

function legend(): string {
  const { curesRatioMax, easesRatioMax, worsensRatioMin, heldSeconds, differenceMin } = matrixRules;
  const nothing = `in between, or less than ${differenceMin} s of full loss away from doing nothing`;
  return [
    `- **cures**: at most ${percent(curesRatioMax)} of the loss, and objectives held for the last ${heldSeconds} s in most seeds`,
    `- **eases**: at most ${percent(easesRatioMax)} of the loss`,
    `- **worsens**: at least ${percent(worsensRatioMin)} of the loss`,
    `- nothing: ${nothing}`,
    '- -: not on offer on any component near',
    '- "left alone": mean objective loss of that time if nothing is done; 0 % = the system gets over it by itself',
  ].join('\n');
}

/** One row per fault and sort of component, one column per repair. */
function matrixMarkdown(rows: readonly MatrixRow[]): string {
  const repairs = repairVerbs.map(({ name }) => name.slice(name.indexOf('.') + 1));
  const header = ['fault', 'on', 'left alone', ...repairs];
  const lines = rows.map(({ fault, lossAlone, effects }) => [
    `\`${fault.fault}\``,
    fault.place,
    percent(lossAlone),
    ...effects.map((effect) => (effect === null ? '-' : emphasised(effect))),
  ]);
  return `${[header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function emphasised(effect: string): string {
  return effect === 'nothing' ? effect : `**${effect}**`;
}

function percent(ratio: number): string {
  return `${Math.round(100 * ratio)} %`;
}
