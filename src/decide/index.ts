/** The exported order model at work: reads its folder and decides, without simulator and without training. */

export { type ComponentScores, componentScores } from './component-scores.ts';
export type {
  AbstentionReason,
  Decision,
  Familiarity,
  FiredRule,
  Knowledge,
  RankedRepair,
  TellingSignal,
} from './decision.ts';
export { encodeDocuments } from './encode-documents.ts';
export { EntityNetwork, type NamedArray } from './entity-network.ts';
export {
  CLUSTER_KIND,
  type FamiliarKind,
  type FamiliarSituations,
  familiarSituationsSchema,
  nearestRow,
} from './familiar-situations.ts';
export { conditionWords, type FeatureForm, featureForm, isRelative, readingWords } from './feature-forms.ts';
export type { Clock, DecideOptions } from './incident.ts';
export { OrderModel } from './order-model.ts';
export {
  type AbstentionLimits,
  MODEL_FORMAT,
  MODEL_VERSION,
  type ModelSpec,
  type OrderModelCard,
} from './order-model-card.ts';
export { loadOrderModel, loadRules, looksLikeModel } from './order-model-file.ts';
export { type ModelFiles, readOrderModel } from './read-order-model.ts';
export { type Firing, RuleEngine } from './rule-engine.ts';
export { CLUSTER_PREFIX, type Rule, type RuleCondition, type RuleSet } from './rule-set.ts';
export { RULES_FORMAT, type RulesDocument, rulesSchema } from './rules-document.ts';
export { SIGNALS_FORMAT, type SignalsDocument, signalsSchema } from './signals-document.ts';
export { TOPOLOGY_FORMAT, type TopologyDocument, topologySchema } from './topology-document.ts';
