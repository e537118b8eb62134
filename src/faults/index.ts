/** Faults: what chaos can do to a cluster, and the board that starts and ends them. */

export { type FaultVerb, faultKinds, faultVerbIndex, faultVerbs } from './catalogue.ts';
export { faultCatalogueMarkdown } from './catalogue-markdown.ts';
export { FaultBoard, type FaultRules } from './fault-board.ts';
export type { FaultKind, Severity } from './fault-kind.ts';
export type { FaultAction, FaultInForce } from './fault-table.ts';
