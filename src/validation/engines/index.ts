/** The two engines against each other: single systems, retry storms, and the ranking of policies. */

export { engineGates } from './gate-case.ts';
export { gateCases } from './gate-cases.ts';
export {
  type GridCell,
  gridAgreement,
  gridRatios,
  gridRetries,
  lawRecovers,
  NEAR_THRESHOLD,
  runGridCell,
} from './metastable-grid.ts';
export { playRanking, type RankingScore, rankCorrelation, rankedPolicies, sumScores } from './ranking.ts';
export { runGateCase } from './run-gate.ts';
