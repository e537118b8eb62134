/** The published JSON Schema, the page about the format and a table of imports are made from the code; `npm run format-doc` writes them anew. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { faultKinds } from '../../src/faults/index.ts';
import {
  chaosMeshMarkdown,
  chaosToolkitMarkdown,
  compileDocument,
  exportedFaults,
  fieldNotes,
  formatTables,
  type JsonSchema,
  meshFormOf,
  scenarioJsonSchema,
  USUAL_NAMES,
} from '../../src/scenario/index.ts';
import { SHOP } from './experiments.ts';

const schema = scenarioJsonSchema();

test('scenarios/scenario.schema.json is the JSON Schema of scenario files', async () => {
  await expect(`${JSON.stringify(schema, null, 1)}\n`).toMatchFileSnapshot('../../scenarios/scenario.schema.json');
});

test('docs/scenario-format.md lists every field with its meaning, default and bounds', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/scenario-format.md');
});

test('docs/importing.md says what each kind of Chaos Mesh and each action of Chaos Toolkit becomes', async () => {
  const written = readFileSync('docs/importing.md', 'utf8');
  const now = withTable(withTable(written, 'chaos mesh', chaosMeshMarkdown()), 'chaos toolkit', chaosToolkitMarkdown());
  await expect(now).toMatchFileSnapshot('../../docs/importing.md');
});

test('docs/exporting.md says what each fault becomes as a Chaos Mesh experiment', async () => {
  const now = withTable(readFileSync('docs/exporting.md', 'utf8'), 'exports', exportsTable());
  await expect(now).toMatchFileSnapshot('../../docs/exporting.md');
});

/** Each fault as its severe form on the shop. */
function exportsTable(): string {
  const targets = { service: 'cart', node: 'east-1', link: 'east-1-uplink', disk: 'store-disk-0' };
  const scenario = compileDocument(SHOP, { file: 'shop' });
  const rows = faultKinds.map(({ name, target }) => {
    const plain = { fault: name, target: targets[target], severity: 'severe', startSeconds: 0, durationSeconds: null };
    const whole = { ...plain, peer: null, direction: 'both' as const, mode: null, value: null, parameters: {} };
    const [fault] = exportedFaults(scenario, [whole]);
    const form = meshFormOf(name)(fault!, { scenario, names: USUAL_NAMES });
    if (typeof form === 'string') return `| \`${name}\` | - ${form} | |`;
    const kinds = form.map(({ kind, spec, every }) => `${kind} ${String(spec.action ?? '')} ${every ?? ''}`.trim());
    const losses = form.flatMap(({ losses: own }) => own ?? []);
    return `| \`${name}\` | ${kinds.join(', then ')} | ${[...new Set(losses)].join('; ')} |`;
  });
  return ['| fault | Chaos Mesh | not quite |', '| --- | --- | --- |', ...rows].join('\n');
}

function withTable(page: string, name: string, table: string): string {
  const marks = new RegExp(`(<!-- ${name} table.*?-->\\n).*?(<!-- end -->)`, 's');
  return page.replace(marks, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
}

describe('the JSON Schema', () => {
  test('describes every field, and nothing is described that there is not', () => {
    const described = new Set<string>();
    const missing: string[] = [];
    walk(schema, (name, field) => {
      const { description = '' } = field;
      if (description === '' || description.startsWith(' ')) missing.push(name);
      described.add(description.replace(/ Written as .*$/, ''));
    });
    expect(missing).toEqual([]);
    const notes = Object.values(fieldNotes).flatMap((section) => Object.values(section));
    expect(notes.filter((note) => !described.has(note))).toEqual([]);
  });

  test('states the defaults that the program takes', () => {
    const service = child(child(schema, 'services'), 'workers');
    expect([service?.default, child(schema, 'tick')?.default]).toEqual([8, '500ms']);
    expect(child(child(child(schema, 'services'), 'warmUp'), 'factor')?.default).toBe(2);
  });

  test('holds for every shipped scenario and outage', () => {
    const checked = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
    for (const folder of ['scenarios', 'scenarios/phenomena', 'scenarios/outages']) {
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
        const text = readFileSync(join(folder, name), 'utf8');
        const result = checked.safeParse(parse(text, { merge: true }));
        expect([name, result.error?.issues ?? []]).toEqual([name, []]);
        const line = folder === 'scenarios' ? './scenario.schema.json' : '../scenario.schema.json';
        expect(text.split('\n', 1)).toEqual([`# yaml-language-server: $schema=${line}`]);
      }
    }
  });

  test('knows the mistakes that editors should mark', () => {
    const checked = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
    const variant = (fields: object) => checked.safeParse({ extends: 'base.yaml', ...fields }).success;
    expect(variant({ services: { cart: { replicas: 2 }, stock: null } })).toBe(true);
    expect(variant({ services: { cart: { replica: 2 } } })).toBe(false);
    expect(variant({ services: { cart: { replicas: '2' } } })).toBe(false);
    expect(variant({ contest: { duration: '5 apples' } })).toBe(false);
    expect(variant({ contest: { duration: '1m30s', replicaShare: '34%' } })).toBe(true);
    expect(variant({ contest: { replicaShare: 34 } })).toBe(false);
    expect(schema.anyOf).toEqual([{ required: ['extends'] }, { required: ['name', 'nodes', 'services', 'workloads'] }]);
  });
});

describe('what the JSON Schema says about faults', () => {
  const checked = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
  const allows = (fields: object) => checked.safeParse({ extends: 'base.yaml', ...fields }).success;
  const kill = { fault: 'service.kill', target: 'cart', severity: 'mild', start: '30s' };
  const allowsKill = (fields: object) => allows({ script: [{ ...kill, ...fields }] });

  test('are their names, so that an editor completes them and marks others', () => {
    expect(allowsKill({})).toBe(true);
    expect(allowsKill({ fault: 'service.kil' })).toBe(false);
    expect(allowsKill({ severity: 'medium' })).toBe(false);
    expect(allowsKill({ mode: 'most' })).toBe(false);
    expect(allowsKill({ start: '5 apples' })).toBe(false);
    expect(allows({ contest: { faults: ['service.kill', 'disk.fill'] } })).toBe(true);
    expect(allows({ contest: { faults: ['service.kil'] } })).toBe(false);
    const item = child(schema, 'script')?.anyOf?.[0]?.items;
    expect(item).toMatchObject({ additionalProperties: false, properties: { fault: { enum: faultNames } } });
  });

  test('are the parameters of each, within the bounds of the program', () => {
    expect(allowsKill({ parameters: { graceSeconds: 30, replicasMax: 2 } })).toBe(true);
    expect(allowsKill({ parameters: { delaySeconds: 1 } })).toBe(false);
    expect(allowsKill({ parameters: { replicasMax: 1.5 } })).toBe(false);
    expect(allowsKill({ parameters: { graceSeconds: -1 } })).toBe(false);
  });

  test('is nothing that the program does not say: every fault is allowed as the catalogue has it', () => {
    for (const { name, severities } of faultKinds) {
      for (const severity of severities) {
        const stated = Object.entries(severity.parameters).filter(([, value]) => Number.isFinite(value));
        const parameters = Object.fromEntries(stated);
        const written = { fault: name, severity: severity.name, parameters };
        expect([name, severity.name, allowsKill(written)]).toEqual([name, severity.name, true]);
      }
    }
  });
});

const faultNames = faultKinds.map(({ name }) => name);

/** Every field, by its path. */
function walk(part: JsonSchema, visit: (name: string, field: JsonSchema) => void, path = ''): void {
  for (const [name, field] of Object.entries(part.properties ?? {})) {
    visit(`${path}.${name}`, field);
    walk(field, visit, `${path}.${name}`);
  }
  if (part.items) walk(part.items, visit, path);
  if (typeof part.additionalProperties === 'object') walk(part.additionalProperties, visit, path);
  for (const each of part.anyOf ?? []) walk(each, visit, path);
}

function child(part: JsonSchema | undefined, name: string): JsonSchema | undefined {
  let found: JsonSchema | undefined;
  if (part) walk(part, (path, field) => (found ??= path === `.${name}` ? field : undefined));
  return found;
}

function page(): string {
  return `# The scenario format

Made from \`src/scenario/\` by \`npm run format-doc\`; do not edit.

A scenario is a YAML file. [\`scenarios/scenario.schema.json\`](../scenarios/scenario.schema.json) is its JSON Schema (draft 7): an editor with a YAML language server completes and checks a file that begins with

\`\`\`yaml
# yaml-language-server: $schema=./scenario.schema.json
\`\`\`

where the path leads to the schema from the file. What \`deepl-ops generate\` and \`deepl-ops import\` write begins so by itself. Faults with their severities and parameters are in it, and how quantities are written. The program checks more than a schema can: the names of components, and what belongs together. Each complaint names file, line, column, and where a name is wrong the nearest right one.

Quantities are numbers in the base unit (seconds, bytes, cores, per second, a ratio) or text with a unit: \`250ms\`, \`1m30s\`, \`128Mi\`, \`200m\` cores, \`1Gbit/s\`, \`50/s\`, \`5%\`.

## Variants

A file that \`extends\` another one states only what differs.

\`\`\`yaml
extends: shop.yaml # a path from this file, the name of a shipped scenario, or a list of them
name: shop-without-stock
services:
  cart: { replicas: 5 } # everything else about cart stays
  stock: null # taken away, and so must be the calls to it
  web: { calls: { stock: null } }
workloads: # a list is replaced as a whole
  - { name: users, service: web, rate: 80/s }
\`\`\`

- Maps are put together key by key, at every depth.
- Lists and plain values replace what is below them; a script, too, is replaced as a whole.
- \`null\` takes away what is below. Where nothing is below, it is refused.
- Of several files in \`extends\`, later ones lie over earlier ones, and the file itself over all.
- Files may extend one another up to eight deep. A circle is refused.
- A complaint names the file that states the wrong value, however deep below it lies.

## Fault scripts

\`deepl-ops replay FILE\` runs the faults of \`script\` at their times, whatever the rules of the contest say about budgets. A fault that could not be repaired, that would do nothing, or for which too many replicas are touched, is left out and told, with the reason. One component can have one fault of a kind at a time.

\`\`\`yaml
script:
  - { fault: service.delay, target: cart, severity: severe, start: 30s, duration: 2m, peer: web, direction: from }
  - { fault: service.kill, target: web, severity: mild, start: 1m, duration: 5m, mode: fixed-percent, value: 50, parameters: { intervalSeconds: 30 } }
  - { fault: link.partition, target: zone-a--zone-b, severity: mild, start: 4m }
  - { fault: disk.fill, target: redis-disk-0, severity: severe, start: 5m }
\`\`\`

${formatTables()}`;
}
