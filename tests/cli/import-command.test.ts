/** `deepl-ops import`: where the scenario and the report go. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { importCommand } from '../../src/cli/commands/import.ts';
import { parseScenario } from '../../src/scenario/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deepl-ops-import-'));
  const container = 'containers: [{ env: [{ name: DB, value: "db:1" }, { name: MAIL, value: "mail:25" }] }]';
  const workload = (name: string, pod: string) =>
    `kind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { metadata: { labels: { app: ${name} } }, spec: { ${pod} } } }`;
  writeFileSync(join(folder, 'web.yaml'), workload('web', container));
  writeFileSync(
    join(folder, 'db.yaml'),
    `${workload('db', 'containers: [{}]')}\n---\nkind: Service\nmetadata: { name: db }\nspec: { selector: { app: db } }`,
  );
  writeFileSync(join(folder, 'bad.yaml'), 'kind: Deployment\nmetadata: { name: x }\nspec: { replicas: many }');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const exit = await runCommandLine(['import', ...args], [importCommand], {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    env: {},
  });
  return { exit, ...printed };
}

describe('the import command', () => {
  test('prints a scenario of all files together that can be read again', async () => {
    const { exit, stdout } = await run(
      'kubernetes',
      join(folder, 'web.yaml'),
      join(folder, 'db.yaml'),
      '--name',
      'shop',
    );
    expect(exit).toBe(0);
    const scenario = parseScenario(stdout, { file: 'stdout' });
    expect(scenario.name).toBe('shop');
    expect(scenario.cluster.calls).toMatchObject([{ caller: 0, callee: 1 }]);
  });

  test('writes it with --out, and says what it assumed and could not derive', async () => {
    const out = join(folder, 'out', 'shop.yaml');
    const { stdout } = await run('kubernetes', join(folder, 'web.yaml'), join(folder, 'db.yaml'), '--out', out);
    expect(stdout).toContain(`${out}: 2 services, 1 calls, 1 workloads\n`);
    expect(stdout).toContain('web: env MAIL names mail, which is not in the input');
    expect(parseScenario(readFileSync(out, 'utf8'), { file: out }).cluster.services).toHaveLength(2);
  });

  test('prints the report as JSON', async () => {
    const { stdout } = await run('kubernetes', join(folder, 'web.yaml'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ report: { services: ['web'], calls: [] } });
  });

  test('refuses bad manifests at their place, unknown formats and missing files with exit code 2', async () => {
    const bad = await run('kubernetes', join(folder, 'bad.yaml'));
    expect(bad.exit).toBe(2);
    expect(bad.stderr).toMatch(/^error MANIFEST_INVALID: .*bad\.yaml:3:\d+\)/);
    expect((await run('nomad', join(folder, 'web.yaml'))).exit).toBe(2);
    const missing = await run('kubernetes', join(folder, 'none.yaml'));
    expect([missing.exit, missing.stderr.slice(0, 20)]).toEqual([2, 'error FILE_NOT_FOUND']);
  });
});
