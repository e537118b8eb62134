/** JSON Schemas as values, as far as they are read or changed here. */

/** A part of a JSON Schema. */
export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
}
