/** Measurements of the product itself: its speed, what each repair is good for, and that every fault can be repaired. */

export { faultsPage, measuredPartOf, measuredSection } from './faults-page.ts';
export type { FuzzFailure } from './fuzz/fuzz-report.ts';
export { type FuzzOptions, type FuzzSummary, runFuzz, type ShrunkFailure, shrinkFuzz } from './fuzz/fuzz-run.ts';
export { type LearnerSpeeds, measureLearners } from './learner-speed.ts';
export {
  type Agreement,
  type AgreementOptions,
  type AgreementRow,
  agreementOf,
  comparePlanner,
} from './planner-agreement.ts';
export { checkPlanner, type PlannerCheckOptions, type PlannerCheckRow } from './planner-check.ts';
export {
  type ValidationReport,
  type ValidationSettings,
  validate,
  validationPage,
  validationText,
} from './program/index.ts';
export { type MatrixOptions, type MatrixRow, measureRepairMatrix, type RepairEffect } from './repair-matrix.ts';
export type { SingleFault } from './single-fault.ts';
export { measureSizes, type SizeOptions, type SizeRow, type SizeSpeed } from './size-speed.ts';
export { measureSpeed, type SpeedOptions, type SpeedRow } from './speed.ts';
export { measureTraining } from './training-speed.ts';
