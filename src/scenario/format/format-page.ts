/** The page about the scenario format, made of its JSON Schema: a table of fields for every section. */
import { fieldNotes } from './field-notes.ts';
import type { JsonSchema } from './json-schema.ts';
import { scenarioJsonSchema, sectionOf } from './scenario-json-schema.ts';

/** Markdown tables of all sections, in the order in which a file comes upon them. */
export function formatTables(): string {
  const found = new Map<string, JsonSchema>();
  collect(scenarioJsonSchema(), 'scenario', found);
  return [...found].map(([section, schema]) => table(section, schema)).join('\n');
}

const titles: Readonly<Record<string, string>> = {
  scenario: 'A scenario',
  node: '`nodes`',
  network: '`network`',
  defaults: '`defaults`',
  service: '`services`, `defaults.service`',
  'service.cpu': '`cpu` of a service',
  'service.memory': '`memory` of a service',
  'service.warmUp': '`warmUp` of a service',
  probe: '`readiness` and `liveness` of a service',
  storage: '`storage` of a service',
  call: '`calls` of a service, `defaults.call`',
  breaker: '`breaker` of a call',
  cache: '`cache` of a call',
  workload: '`workloads`',
  objective: '`objectives`',
  contest: '`contest`',
  'contest.decision': '`decision` of the contest',
  'contest.rewards': '`rewards` of the contest',
  control: '`control`',
  monitoring: '`monitoring`',
  script: '`script`',
};

/** Longer lists of words stand elsewhere, where their field's note says. */
const WORDS_TOLD = 8;

/** The fullest schema of each section: services have more fields than their defaults. */
function collect(schema: JsonSchema, section: string, found: Map<string, JsonSchema>): void {
  const inner = objectIn(schema);
  if (inner?.properties === undefined) return;
  const before = Object.keys(found.get(section)?.properties ?? {}).length;
  if (Object.keys(inner.properties).length > before) found.set(section, inner);
  for (const [name, field] of Object.entries(inner.properties)) collect(field, sectionOf(section, name), found);
}

/** The object that a schema, a list or a map of them describes. */
function objectIn(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties !== undefined) return schema;
  if (schema.items !== undefined) return objectIn(schema.items);
  if (typeof schema.additionalProperties === 'object') return objectIn(schema.additionalProperties);
  return schema.anyOf?.map(objectIn).find((found) => found !== undefined);
}

function table(section: string, schema: JsonSchema): string {
  const needed = new Set(section === 'scenario' ? ['name', 'nodes', 'services', 'workloads'] : schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const standard = field.default === undefined ? '' : `\`${String(field.default)}\``;
    const note = fieldNotes[section]?.[name] ?? '';
    return `| \`${name}\` | ${note} | ${needed.has(name) ? 'needed' : standard} | ${allowed(field)} |`;
  });
  return [
    `## ${titles[section] ?? section}`,
    '',
    '| field | what | default | written as |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** How a value is written, in a few words. */
function allowed(field: JsonSchema): string {
  const written = /Written as (.*)\.$/.exec(field.description ?? '')?.[1];
  if (written !== undefined) return written;
  const kinds = [field, ...(field.anyOf ?? [])].flatMap((each) => kindOf(each));
  return [...new Set(kinds)].join(' or ');
}

function kindOf({ type, enum: words, const: only, minimum, maximum, exclusiveMinimum }: JsonSchema): string[] {
  if (Array.isArray(words) && words.length > WORDS_TOLD) return ['one of those'];
  if (Array.isArray(words)) return [words.map((word) => `\`${String(word)}\``).join(', ')];
  if (only !== undefined) return [`\`${String(only)}\``];
  if (type === 'integer' || type === 'number') {
    const low = exclusiveMinimum === undefined ? `${String(minimum ?? '')}` : `above ${String(exclusiveMinimum)}`;
    return [`${type === 'integer' ? 'a whole number' : 'a number'}, ${low} to ${String(maximum)}`];
  }
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    boolean: '`true`, `false`',
    array: 'a list',
    object: 'a map',
  };
  const name = typeof type === 'string' ? names[type] : undefined;
  return name === undefined ? [] : [name];
}
