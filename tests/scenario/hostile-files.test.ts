/** Hostile files end in one clear error at its place, whatever reads them; nothing takes long, nothing throws anything else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importSystem, parseScenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';
import { bombs, damaged, readers, refusalOf, times } from './hostile-files.ts';
import { app } from './manifests.ts';

const PLACED = ['YAML_SYNTAX', 'MANIFEST_INVALID', 'SCENARIO_INVALID', 'SCENARIO_UNKNOWN_NAME', 'SCENARIO_CALL_CYCLE'];

/** Whether an error is one for people: a code for bad input, at a place in the file, without what a terminal obeys. */
function expectClear(error: ReturnType<typeof refusalOf>, text: string): void {
  if (error === null) return;
  expect(error.exitCode).toBe(2);
  expect(error.message.length).toBeLessThanOrEqual(6000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(error.message + error.hint).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
  if (PLACED.includes(error.code)) expect(error.place?.file).toBeDefined();
  if (error.place?.line !== undefined) expect(error.place.line).toBeLessThanOrEqual(text.split('\n').length + 1);
}

describe('a damaged file', () => {
  for (const reader of readers) {
    test(`of the sort ${reader.name} is taken or refused with a code`, () => {
      expect(refusalOf(reader, reader.sample)).toBeNull();
      fc.assert(
        fc.property(damaged(reader.sample), (text) => expectClear(refusalOf(reader, text), text)),
        { seed: 7, numRuns: 80 },
      );
    });
  }
});

/** Readers of lists and spans look at every bomb; those of YAML, which share one parser, take turns. */
const yamlReaders = readers.filter(({ name }) => name !== 'call list' && name !== 'trace spans');
const otherReaders = readers.filter((reader) => !yamlReaders.includes(reader));

describe('ten thousand lines of', () => {
  for (const [index, [name, text]] of Object.entries(bombs).entries()) {
    const reader = yamlReaders[index % yamlReaders.length]!;
    test(`${name} are refused with file, line and column (${reader.name})`, () => {
      expect(text.split('\n').length).toBeGreaterThanOrEqual(10_000);
      for (const each of [reader, ...otherReaders]) {
        const error = refusalOf(each, text);
        expect([each.name, error?.exitCode]).toEqual([each.name, 2]);
        expectClear(error, text);
        if (error?.code !== 'YAML_SYNTAX') continue;
        expect(error.place).toMatchObject({ file: 'hostile', line: expect.any(Number), column: expect.any(Number) });
      }
    });
  }
});

describe('bounds', () => {
  const scenario = (text: string) => errorOf(() => parseScenario(text, { file: 'big.yaml' }));

  test('hold for length, depth, words, values and documents, each with its place', () => {
    expect(scenario(`a: ${'x'.repeat(4 * 1024 * 1024)}`)).toMatchObject({
      message: 'the text is longer than 4 MiB',
      place: { line: 1 },
    });
    expect(scenario(`a: ${'['.repeat(101)}${']'.repeat(101)}`)).toMatchObject({
      message: 'the text is nested more than 100 levels deep',
      place: { line: 1, column: 104 },
    });
    expect(scenario(times(600_000, () => '-')).message).toContain('1000000 words and marks');
    const laughs = Array.from(
      { length: 9 },
      (_, at) => `l${at}: &l${at} [${`*l${at - 1}, `.repeat(at === 0 ? 0 : 9)}x]`,
    );
    expect(scenario(laughs.join('\n'))).toMatchObject({
      message: 'the text holds more than 500000 values, repeated ones included',
      place: { line: 7 },
    });
  });

  test('hold for what variables make of each other', () => {
    const env = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`V${at}`, at === 0 ? 'db:1 ' : `$(V${at - 1})`.repeat(50)]),
    );
    const { report } = importSystem([{ name: 'm.yaml', text: [app('web', { env }), app('db')].join('\n---\n') }], {
      format: 'kubernetes',
    });
    expect(report.calls).toHaveLength(1);
  });

  test('hold for circles of calls: all are cut, and the rest stays', () => {
    const names = Array.from({ length: 60 }, (_, at) => `s${at}`);
    const services = names.map(
      (name) => `  ${name}: { depends_on: [${names.filter((other) => other !== name).join(', ')}] }`,
    );
    const { report } = importSystem([{ name: 'c.yaml', text: `services:\n${services.join('\n')}` }], {
      format: 'compose',
    });
    expect(report.calls).toHaveLength((60 * 59) / 2);
  });

  test('hold for addresses: what is reported is short', () => {
    const text = Array.from({ length: 5000 }, (_, at) => `host${at}.example.org:80`).join(' ');
    const { report } = importSystem([{ name: 'm.yaml', text: app('web', { env: { HOSTS: text } }) }], {
      format: 'kubernetes',
    });
    expect(report.notDerived).toHaveLength(100);
    expect(report.notDerived.every((line) => line.length <= 400)).toBe(true);
  });
});
