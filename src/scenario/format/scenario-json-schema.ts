/** The JSON Schema of scenario files, for editors: every field with its meaning and its default. */
import { z } from 'zod';
import { scenarioDocumentSchema } from '../schema.ts';
import { withFaultWords } from './fault-words.ts';
import { defaultOf } from './field-defaults.ts';
import { fieldNotes } from './field-notes.ts';
import type { JsonSchema } from './json-schema.ts';

/** Section of a field that has fields of its own, where it is not simply `<section>.<field>`. */
const sections: Readonly<Record<string, string>> = {
  'scenario.nodes': 'node',
  'scenario.network': 'network',
  'scenario.defaults': 'defaults',
  'scenario.services': 'service',
  'scenario.workloads': 'workload',
  'scenario.objectives': 'objective',
  'scenario.contest': 'contest',
  'scenario.control': 'control',
  'scenario.monitoring': 'monitoring',
  'scenario.script': 'script',
  'defaults.service': 'service',
  'defaults.call': 'call',
  'service.readiness': 'probe',
  'service.liveness': 'probe',
  'service.storage': 'storage',
  'service.calls': 'call',
  'call.breaker': 'breaker',
  'call.cache': 'cache',
};

/** The section that a field's own fields belong to. */
export function sectionOf(section: string, field: string): string {
  return sections[`${section}.${field}`] ?? `${section}.${field}`;
}

/** Draft 7, which every editor knows. What is there to be left out may also be null, as variants write it. */
export function scenarioJsonSchema(): JsonSchema {
  const plain = z.toJSONSchema(scenarioDocumentSchema, { target: 'draft-7', io: 'input', reused: 'inline' });
  const { $schema, required, properties, ...rest } = withFaultWords(annotated(plain as JsonSchema, 'scenario'));
  const path = { type: 'string', minLength: 1 };
  const extending = { anyOf: [path, { type: 'array', items: path, minItems: 1, maxItems: 8 }] };
  return {
    $schema,
    title: 'DeepL-Ops scenario',
    ...rest,
    anyOf: [{ required: ['extends'] }, { required: required ?? [] }],
    properties: { extends: { description: fieldNotes.scenario?.extends ?? '', ...extending }, ...properties },
  };
}

/** Notes and defaults on every field of a section. */
function annotated(schema: JsonSchema, section: string): JsonSchema {
  const { properties, additionalProperties, items } = schema;
  if (properties !== undefined) {
    const needed = new Set(schema.required ?? []);
    const fields = Object.entries(properties).map(([name, field]) => {
      const whole = annotated(field, sectionOf(section, name));
      return [name, noted(needed.has(name) ? whole : orNull(whole), section, name)] as const;
    });
    return { ...schema, properties: Object.fromEntries(fields) };
  }
  if (items !== undefined) return { ...schema, items: annotated(items, section) };
  if (typeof additionalProperties === 'object')
    return { ...schema, additionalProperties: orNull(annotated(additionalProperties, section)) };
  return schema;
}

/** The note, then how a quantity is written. */
function noted(schema: JsonSchema, section: string, field: string): JsonSchema {
  const note = fieldNotes[section]?.[field];
  const written = schema.description === undefined ? '' : ` Written as ${schema.description}.`;
  const standard = defaultOf(section, field);
  const { description: _, ...rest } = schema;
  return {
    description: `${note ?? ''}${written}`,
    ...(standard === undefined ? {} : { default: standard }),
    ...rest,
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  const { description, anyOf, ...rest } = schema;
  const said = description === undefined ? {} : { description };
  const nothing = { type: 'null' };
  if (anyOf !== undefined) return { ...said, ...rest, anyOf: [...anyOf, nothing] };
  return { ...said, anyOf: [rest, nothing] };
}
