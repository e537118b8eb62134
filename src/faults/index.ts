/** Faults: what chaos can do to a cluster, and the board that starts and ends them. */

export { type FaultVerb, faultKinds, faultVerbIndex, faultVerbs } from './catalogue.ts';
export { faultCatalogueMarkdown, toolNamesMarkdown } from './catalogue-markdown.ts';
export {
  type Direction,
  type FaultMode,
  type FaultOptions,
  faultModes,
  modeIsPercent,
  modeNeedsValue,
} from './envelope.ts';
export { FaultBoard, type FaultRules } from './fault-board.ts';
export type { FaultKind, FaultScope, Severity } from './fault-kind.ts';
export type { FaultAction, FaultInForce } from './fault-table.ts';
export { type FaultObstacle, obstacleText } from './obstacle.ts';
export { parameterBounds, parameterProblem, parameterText, parameterUnit } from './parameters.ts';
export { type ChaosTool, chaosTools, type KnownAs } from './tool-names.ts';
