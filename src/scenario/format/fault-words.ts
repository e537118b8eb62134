/** What the JSON Schema of scenario files says about faults: their names, their severities, and the parameters of each. */
import { type FaultKind, faultKinds, parameterBounds, parameterText, parameterUnit } from '../../faults/index.ts';
import type { JsonSchema } from './json-schema.ts';

/** The schema with the words of the catalogue in `script` and `contest.faults`. */
export function withFaultWords(schema: JsonSchema): JsonSchema {
  const named = inField(schema, 'contest', (contest) =>
    inField(contest, 'faults', (faults) => inItems(faults, (name) => ({ ...name, enum: faultNames }))),
  );
  return inField(named, 'script', (script) => inItems(script, scriptedFault));
}

const faultNames = faultKinds.map(({ name }) => name);
const severityNames = [...new Set(faultKinds.flatMap(({ severities }) => severities.map(({ name }) => name)))];

/** Draft 7 has `if`, yet of a list of alternatives editors also take the one whose `fault` is the stated one. */
function scriptedFault(item: JsonSchema): JsonSchema {
  const named = inField(item, 'fault', (fault) => ({ ...fault, enum: faultNames }));
  const whole = inField(named, 'severity', (severity) => ({ ...severity, enum: severityNames }));
  return { ...whole, anyOf: faultKinds.map(alternative) };
}

/** One kind of fault: its name, and no other parameters than its own. */
function alternative(kind: FaultKind): JsonSchema {
  const names = kind.parameterNames.map((name) => [name, parameter(kind, name)] as const);
  const own = { type: 'object', properties: Object.fromEntries(names), additionalProperties: false };
  const description = `Those of ${kind.name}, instead of those of the severity.`;
  const parameters = { description, anyOf: [own, { type: 'null' }] };
  return { type: 'object', properties: { fault: { description: kind.meaning, const: kind.name }, parameters } };
}

/** For instance `mild 0.2, severe 1 (s)`. */
function parameter({ severities }: FaultKind, name: string): JsonSchema {
  const { min, max, whole } = parameterBounds(name);
  const values = severities.map((severity) => `${severity.name} ${parameterText(severity.parameters[name] ?? 0)}`);
  const unit = parameterUnit(name);
  return {
    description: `${values.join(', ')}${unit === undefined ? '' : ` (${unit})`}`,
    type: whole ? 'integer' : 'number',
    minimum: min,
    ...(max === undefined ? {} : { maximum: max }),
  };
}

function inField(schema: JsonSchema, name: string, change: (field: JsonSchema) => JsonSchema): JsonSchema {
  if (schema.anyOf !== undefined && schema.properties === undefined) {
    return { ...schema, anyOf: schema.anyOf.map((each) => inField(each, name, change)) };
  }
  const field = schema.properties?.[name];
  if (field === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, [name]: change(field) } };
}

function inItems(schema: JsonSchema, change: (item: JsonSchema) => JsonSchema): JsonSchema {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map((each) => inItems(each, change)) };
  return schema.items === undefined ? schema : { ...schema, items: change(schema.items) };
}
