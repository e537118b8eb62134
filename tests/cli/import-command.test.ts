/** `deepl-ops import`: where the scenario and the report go. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { importCommand } from '../../src/cli/commands/import.ts';
import { runCommand } from '../../src/cli/commands/run.ts';
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

const run = (...args: string[]) => command('import', ...args);

async function command(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const exit = await runCommandLine(args, [importCommand, runCommand], {
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

  test('takes every YAML and JSON file in a folder, and says when there is none', async () => {
    const inside = join(folder, 'manifests');
    mkdirSync(join(inside, 'deep', 'empty'), { recursive: true });
    writeFileSync(join(inside, 'web.yaml'), readFileSync(join(folder, 'web.yaml')));
    writeFileSync(join(inside, 'deep', 'db.yml'), readFileSync(join(folder, 'db.yaml')));
    writeFileSync(join(inside, 'notes.txt'), 'no manifest');
    const { stdout } = await run('kubernetes', inside, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ report: { services: ['db', 'web'] } });
    expect((await run('kubernetes', join(inside, 'deep', 'empty'))).stderr).toMatch(
      /^error FILE_NOT_FOUND: there is no/,
    );
  });

  test('makes a scenario of a Compose file and of seen calls that runs', async () => {
    const files = {
      'compose.yaml': 'services:\n  web: { ports: ["80:80"] }\n  db: { image: postgres, volumes: ["data:/data"] }\n',
      'calls.csv': 'caller,callee,count\n,web,100\nweb,db,120\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const out = join(folder, 'composed.yaml');
    const written = await run(
      'compose',
      join(folder, 'compose.yaml'),
      '--edges',
      join(folder, 'calls.csv'),
      '--out',
      out,
    );
    expect(written.stdout).toContain('2 services, 1 calls, 1 workloads');
    const played = await command('run', out, '--order', 'runbook', '--chaos', 'none', '--json');
    expect([played.exit, played.stderr]).toEqual([0, '']);
    expect(JSON.parse(played.stdout)).toMatchObject({ scenario: 'imported', verdict: { repaired: true } });
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
