/** What `list` says about faults and repairs: enough to write a script with. */
import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { listCommand } from '../../src/cli/commands/list.ts';

async function list(...args: string[]): Promise<string> {
  let stdout = '';
  const exit = await runCommandLine(['list', ...args], [listCommand], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
    env: {},
  });
  expect(exit).toBe(0);
  return stdout;
}

describe('list', () => {
  test('shows each fault with its parameters, severities and the names other tools have for it', async () => {
    const text = await list('faults');
    const entry = text.slice(text.indexOf('service.delay '), text.indexOf('service.reset '));
    expect(entry).toMatch(/mild: cost 1, 240 s, replicasMax 1, delaySeconds 0\.05, jitterSeconds 0\.01/);
    expect(entry).toMatch(/severe: cost 2, 480 s, replicasMax all, delaySeconds 0\.5/);
    expect(entry).toMatch(/known as Chaos Mesh NetworkChaos delay; LitmusChaos pod-network-latency;/);
  });

  test('gives programs units, what a script may narrow, and names as lists', async () => {
    const { faults } = JSON.parse(await list('faults', '--json')) as { faults: { name: string }[] };
    expect(faults.find(({ name }) => name === 'service.delay')).toMatchObject({
      target: 'service',
      parameters: [
        { name: 'replicasMax', unit: 'replicas' },
        { name: 'delaySeconds', unit: 's' },
        { name: 'jitterSeconds', unit: 's' },
        { name: 'correlationRatio', unit: 'share, 0 to 1' },
      ],
      mode: true,
      peer: 'any',
      direction: 'packets',
      knownAs: { toxiproxy: ['latency'] },
    });
    expect(faults.find(({ name }) => name === 'link.flood')).toMatchObject({ mode: false, peer: 'none' });
  });

  test('shows each repair with its price, risk and condition', async () => {
    expect(await list('repairs')).toMatch(/cost 1\.5, takes 30 s, fails in 5 %, needs something that was changed/);
    const { repairs } = JSON.parse(await list('repairs', '--json')) as { repairs: { name: string }[] };
    expect(repairs.find(({ name }) => name === 'service.shift-traffic')).toMatchObject({ holdSeconds: 180, cost: 0.5 });
  });
});
