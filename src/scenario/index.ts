/** Scenarios: reading and checking files, their compiled form, hash, and importers. */
export { RETRY_BUDGET_NONE } from './compile-service.ts';
export type {
  CallSection,
  ContestSection,
  NodeSection,
  Quantity,
  ScenarioDocument,
  ServiceSection,
  StorageSection,
  WorkloadSection,
} from './document.ts';
export { type GenerateOptions, generateScenario } from './generate/generate-scenario.ts';
export type { ImportReport, ImportResult } from './importers/application.ts';
export { type ImportSystemOptions, importSystem } from './importers/import-system.ts';
export type { ManifestFile, SystemFormat } from './importers/system-format.ts';
export { systemFormats } from './importers/system-formats.ts';
export { estimateLoad, type ServiceLoad } from './load-estimate.ts';
export { compileDocument, type ParseOptions, parseScenario, parseScenarioDocument } from './parse-scenario.ts';
export type { ContestRules, Objective, RewardWeights, Scenario, ScriptedFault } from './scenario.ts';
export { readScenario } from './scenario-file.ts';
export { scenarioHash } from './scenario-hash.ts';
export { scenarioToYaml, type YamlComment, type YamlComments } from './scenario-to-yaml.ts';
export { scenarioJsonSchema } from './schema.ts';
export { parseQuantity } from './units.ts';
export { validateScenario } from './validate-scenario.ts';
export { parseYaml, type YamlPath, type YamlSource } from './yaml-source.ts';
