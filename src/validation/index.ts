/** Measurements of the product itself: its speed, what each repair is good for, and that every fault can be repaired. */

export { faultsPage } from './faults-page.ts';
export { checkPlanner, type PlannerCheckOptions, type PlannerCheckRow } from './planner-check.ts';
export { type MatrixOptions, type MatrixRow, measureRepairMatrix, type RepairEffect } from './repair-matrix.ts';
export type { SingleFault } from './single-fault.ts';
export { measureSpeed, type SpeedOptions, type SpeedRow } from './speed.ts';
export { measureTraining } from './training-speed.ts';
