/** Deciding with an exported model loads neither simulator nor training, nor any machine-learning package. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { builtFile } from '../support/program.ts';
import { modelFiles } from './hand-made-model.ts';
import { topology, webhook } from './shop.ts';

test('loading a folder and deciding needs base, contract and decide alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-decide-'));
  for (const [name, content] of Object.entries(modelFiles())) writeFileSync(join(folder, name), content);
  const script = `
    const { loadOrderModel } = await import(${JSON.stringify(pathToFileURL(builtFile('decide/index.js')).href)});
    const model = loadOrderModel(${JSON.stringify(folder)});
    const decision = model.decide(${JSON.stringify(webhook())}, { topology: ${JSON.stringify(topology)} });
    console.log(decision.repairs[0].verb);
  `;
  const hooks = new URL('../support/tell-imports.mjs', import.meta.url).href;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', hooks, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  expect(stdout.trim()).toBe('service.restart-unready');
  const loaded = [...stderr.matchAll(/^loaded (\S+)$/gm)].map(([, address = '']) => address);
  const own = loaded.flatMap((address) => /\/dist\/(\w+)\//.exec(address)?.[1] ?? []);
  expect(new Set(own)).toEqual(new Set(['base', 'contract', 'decide']));
  const packages = loaded.flatMap((address) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(address)?.[1] ?? []);
  expect(new Set(packages)).toEqual(new Set(['zod']));
});
