/** The published JSON Schema of recordings, and the tables of docs/recordings.md; `npm run recordings-doc` writes both. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { recordingJsonSchema } from '../../src/replay/index.ts';
import type { JsonSchema } from '../../src/scenario/index.ts';
import { recordedLines } from './small-episode.ts';

const schema = recordingJsonSchema() as JsonSchema;
const { lines } = recordedLines({ seed: 5 });

test('schemas/recording.schema.json is the JSON Schema of a line', async () => {
  await expect(`${JSON.stringify(schema, null, 1)}\n`).toMatchFileSnapshot('../../schemas/recording.schema.json');
});

test('docs/recordings.md lists the fields of each line', async () => {
  const now = readFileSync('docs/recordings.md', 'utf8').replace(
    /(<!-- fields of (\w+).*?-->\n).*?(<!-- end -->)/gs,
    (_, begin: string, title: string, end: string) => `${begin}\n${table(title)}\n\n${end}`,
  );
  await expect(now).toMatchFileSnapshot('../../docs/recordings.md');
});

describe('the JSON Schema', () => {
  const checked = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
  const isFine = (line: string): boolean => checked.safeParse(JSON.parse(line)).success;

  test('holds for every line that is recorded', () => {
    expect(lines.filter((line) => !isFine(line))).toEqual([]);
  });

  test('knows a line that is none of a recording', () => {
    const [header = '', step = ''] = lines;
    expect(isFine(header.replace('"version":1', '"version":2'))).toBe(false);
    expect(isFine(header.replace('"engine":"flow"', '"engine":"steam"'))).toBe(false);
    expect(isFine(step.replace('"choices"', '"moves"'))).toBe(false);
    expect(isFine(step.replace('"objectivesHeld":true', '"objectivesHeld":"yes"'))).toBe(false);
    expect(isFine('{}')).toBe(false);
  });

  test('says what every field means', () => {
    const silent = (schema.anyOf ?? []).flatMap((line) => fieldsOf(line)).filter(([, { description }]) => !description);
    // The format is one fixed word.
    expect(silent.map(([name]) => name)).toEqual(['format']);
  });
});

function table(title: string): string {
  const line = schema.anyOf?.find((each) => each.title === title) ?? {};
  const rows = fieldsOf(line).map(([name, field]) => `| \`${name}\` | ${field.description ?? fixed(field)} |`);
  return ['| field | what |', '| --- | --- |', ...rows].join('\n');
}

function fixed(field: JsonSchema): string {
  return `\`${String(field.const)}\``;
}

/** Fields and those within them; of the two sides one stands for both, the scenario has a format of its own, the verdict a line. */
function fieldsOf({ properties = {} }: JsonSchema, path = ''): [string, JsonSchema][] {
  return Object.entries(properties).flatMap(([name, field]): [string, JsonSchema][] => {
    const { chaos, order, ...inner } = field.properties ?? {};
    if (chaos !== undefined && order !== undefined) {
      return [[`${path}${name}`, field], ...fieldsOf(chaos, `${path}${name}.ROLE.`)];
    }
    if (name === 'scenario' || (name === 'verdict' && path !== '')) return [[`${path}${name}`, field]];
    return [[`${path}${name}`, field], ...fieldsOf({ properties: inner }, `${path}${name}.`)];
  });
}
