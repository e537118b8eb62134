/** Repairs: what order can do to a cluster, and the board that takes them through their steps. */

export { type RepairVerb, repairKinds, repairVerbIndex, repairVerbs } from './catalogue.ts';
export { repairCatalogueMarkdown } from './catalogue-markdown.ts';
export { type RepairAction, RepairBoard, type RepairRules } from './repair-board.ts';
export type { RepairOutcome } from './repair-history.ts';
export type { RepairKind, RepairView } from './repair-kind.ts';
