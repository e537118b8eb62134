/** `export` from an agent's folder to a model's. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { exportCommand } from '../../src/cli/commands/export.ts';
import type { RoleSpec } from '../../src/contract/index.ts';
import { contestSpecs } from '../../src/environment/index.ts';
import { writeAgent } from '../../src/model/index.ts';
import { initialWeights } from '../../src/neural/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-export-'));
const agent = join(folder, 'agent');
const out = join(folder, 'model');
const specs: Readonly<Record<'chaos' | 'order', RoleSpec>> = contestSpecs();

/** Exit code and what was printed. */
async function run(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const surroundings = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const exit = await runCommandLine(['export', ...args], [exportCommand], surroundings);
  return { exit, ...printed };
}

/** An untrained agent of the contest. */
function writeFreshAgent(path: string, { observation, action }: RoleSpec, role = 'order'): void {
  const shape = {
    componentFeatures: observation.componentFeatures.length,
    clusterFeatures: observation.clusterFeatures.length,
    criticFeatures: observation.criticFeatures.length,
    verbs: action.verbs.length,
    encoderUnits: 8,
    embeddingUnits: 4,
    headUnits: 8,
    valueUnits: 4,
  };
  const plain = (width: number) => ({ means: new Float32Array(width), factors: new Float32Array(width).fill(1) });
  const scaling = {
    components: plain(shape.componentFeatures),
    cluster: plain(shape.clusterFeatures),
    critic: plain(shape.criticFeatures),
  };
  const hashes = { observationHash: observation.hash, actionHash: action.hash };
  const weights = initialWeights(shape, 1);
  writeAgent(
    path,
    { name: 'fresh', role, acts: 'best', shape, weights, scaling, ...hashes },
    { training: { seed: 1 } },
  );
}

beforeAll(() => writeFreshAgent(agent, specs.order));
afterAll(() => rmSync(folder, { recursive: true }));

describe('export', () => {
  test('writes a model whose card tells features, verbs and training', async () => {
    const { exit, stdout } = await run(agent, '--out', out, '--network-only', '--json');
    expect(exit).toBe(0);
    const names = ['model.json', 'weights.bin', 'model.onnx', 'golden.json', 'card.json'];
    expect(JSON.parse(stdout)).toEqual({
      agent: 'fresh',
      role: 'order',
      out,
      files: names.map((name) => join(out, name)),
    });
    expect(readdirSync(out).sort()).toEqual(names.sort());
    const card = JSON.parse(readFileSync(join(out, 'card.json'), 'utf8'));
    expect(card.observation.componentFeatures).toEqual(specs.order.observation.componentFeatures);
    expect(specs.order.action).toMatchObject(card.action);
    expect(card.training).toEqual({ seed: 1 });
  });

  test('takes a second export to the same folder', async () => {
    await run(agent, '--out', out, '--network-only');
    const before = readFileSync(join(out, 'model.json'), 'utf8');
    expect((await run(agent, '--out', out, '--network-only')).exit).toBe(0);
    expect(readFileSync(join(out, 'model.json'), 'utf8')).toBe(before);
  });

  test('never writes over an agent', async () => {
    const before = readFileSync(join(agent, 'card.json'), 'utf8');
    const { exit, stderr } = await run(agent, '--out', agent, '--network-only');
    expect(exit).toBe(2);
    expect(stderr).toContain('error OUTPUT_UNWRITABLE');
    expect(readFileSync(join(agent, 'card.json'), 'utf8')).toBe(before);
  });

  test.each(['no-such-agent', 'runbook', tmpdir()])('answers %s with AGENT_UNKNOWN', async (reference) => {
    const { exit, stderr } = await run(reference, '--out', join(folder, 'nowhere'));
    expect(exit).toBe(2);
    expect(stderr).toContain('error AGENT_UNKNOWN');
  });

  test('asks for scenarios where those of the training are not here', async () => {
    const { exit, stderr } = await run(agent, '--out', join(folder, 'nowhere'));
    expect(exit).toBe(2);
    expect(stderr).toContain('error FILE_NOT_FOUND');
    expect(stderr).toContain('--scenario');
  });

  test('answers an exported model with AGENT_INVALID', async () => {
    await run(agent, '--out', out, '--network-only');
    const { exit, stderr } = await run(out, '--out', join(folder, 'again'));
    expect(exit).toBe(2);
    expect(stderr).toContain('error AGENT_INVALID');
  });

  test('answers an agent of other features, or of no role of the contest, with SPEC_MISMATCH', async () => {
    writeFreshAgent(join(folder, 'other'), specs.chaos);
    writeFreshAgent(join(folder, 'balancer'), specs.order, 'agent');
    for (const name of ['other', 'balancer']) {
      const { exit, stderr } = await run(join(folder, name), '--out', join(folder, 'nowhere'));
      expect(exit).toBe(2);
      expect(stderr).toContain('error SPEC_MISMATCH');
    }
    expect(readdirSync(folder)).not.toContain('nowhere');
  });
});
