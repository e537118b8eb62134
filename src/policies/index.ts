/** Policies: scripted ones by name, what they share, and drawing from masked logits. */

export { findPolicy, type PolicyEntry, type PolicyResources, policyCatalogue } from './catalogue.ts';
export { bestChoice, type ChoiceRange, MaskedCategorical } from './masked-categorical.ts';
export { createNeuralPolicy, type NeuralAgent, type ScoringPolicy } from './neural-policy.ts';
export { createNonePolicy } from './none-policy.ts';
export { ObservationReader } from './observation-reader.ts';
export { createPlannerPolicy, type PlannerOptions, plannerDefaults } from './planner-policy.ts';
export { createRulesPolicy } from './rules-policy.ts';
export { type RunbookEntry, runbookEntries, type Symptom } from './runbook-entries.ts';
export { createRunbookPolicy } from './runbook-policy.ts';
