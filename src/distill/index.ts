/** Rules from a network by imitation, with the simulator at hand to value choices and to try the rules out. */

export type { ContestTable } from './contest-table.ts';
export { growTrees, leavesOf, type TreeNode } from './decision-tree.ts';
export { type DistillOptions, type DistillProgress, distillRules } from './distill.ts';
export type { CandidateNote, Distilled, DistillReport } from './distill-report.ts';
export { StrangenessGauge } from './familiarity.ts';
export type { Fidelity, Score } from './measure.ts';
export { type ExportedOrderModel, exportOrderModel, type FullExport } from './order-model-export.ts';
export { Samples } from './samples.ts';
export { type DistillSettings, distillDefaults } from './settings.ts';
