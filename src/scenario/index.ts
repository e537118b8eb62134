/** Scenarios: reading and checking files, their compiled form, hash, and importers. */
export { RETRY_BUDGET_NONE } from './compile-service.ts';
export { compiledScenarioSchema } from './compiled-schema.ts';
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
export {
  type ChaosMeshExport,
  type ExportChaosMeshOptions,
  exportChaosMesh,
} from './exporters/chaos-mesh/export-chaos-mesh.ts';
export { type MeshNames, USUAL_NAMES } from './exporters/chaos-mesh/mesh-form.ts';
export { meshFormNames, meshFormOf } from './exporters/chaos-mesh/mesh-forms.ts';
export {
  chaosJournal,
  faultArguments,
  type JournalAction,
  type JournalRun,
} from './exporters/chaos-toolkit/journal.ts';
export type { ExportReport } from './exporters/export-report.ts';
export { type ExportedFault, exportedFaults } from './exporters/exported-fault.ts';
export { fieldNotes } from './format/field-notes.ts';
export { formatTables } from './format/format-page.ts';
export type { JsonSchema } from './format/json-schema.ts';
export { scenarioJsonSchema } from './format/scenario-json-schema.ts';
export { type GenerateOptions, generateScenario } from './generate/generate-scenario.ts';
export type { ImportReport, ImportResult } from './importers/application.ts';
export { chaosMeshMarkdown } from './importers/chaos-mesh/kinds.ts';
export { chaosToolkitMarkdown } from './importers/chaos-toolkit/drivers.ts';
export type { FaultFormat } from './importers/fault-script/fault-format.ts';
export { faultFormats } from './importers/fault-script/fault-formats.ts';
export type { FaultImportResult, FaultReport } from './importers/fault-script/variant-with-script.ts';
export { type ImportFaultsOptions, importFaults } from './importers/import-faults.ts';
export { type ImportSystemOptions, importSystem } from './importers/import-system.ts';
export type { ManifestFile, SystemFormat } from './importers/system-format.ts';
export { systemFormats } from './importers/system-formats.ts';
export { estimateLoad, type ServiceLoad } from './load-estimate.ts';
export { compileDocument, type ParseOptions, parseScenario, parseScenarioDocument } from './parse-scenario.ts';
export type { ContestRules, Objective, RewardWeights, Scenario, ScriptedFault } from './scenario.ts';
export { readScenario, readScenarioText } from './scenario-file.ts';
export { scenarioHash } from './scenario-hash.ts';
export { scenarioToYaml, type YamlComment, type YamlComments } from './scenario-to-yaml.ts';
export { parseQuantity } from './units.ts';
export { validateScenario } from './validate-scenario.ts';
export { parseYaml, type YamlPath, type YamlSource } from './yaml-source.ts';
