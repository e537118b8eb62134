/** What a fault script may say beyond fault, target and severity, and the complaints about what makes no sense. */
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

const CHAIN = `
name: chain
nodes: [{ name: node, count: 3, cores: 8, memory: 16Gi }]
services:
  web: { replicas: 3, calls: { cart: {} } }
  cart: { replicas: 3, calls: { store: {} } }
  store: { replicas: 2, storage: { disk: 20Gi } }
workloads: [{ name: users, service: web, rate: 10/s }]
`;

function scripted(fault: string): ReturnType<typeof parseScenario> {
  return parseScenario(`${CHAIN}script:\n  - { ${fault}, start: 0 }\n`, { file: 'chain.yaml' });
}

function complaint(fault: string): string {
  const { code, message, hint, place } = errorOf(() => scripted(fault));
  expect(place).toMatchObject({ file: 'chain.yaml', line: 10 });
  return `${code} ${message} ${hint ?? ''}`;
}

const slow = 'fault: service.slow, target: cart, severity: mild';
const delay = 'fault: service.delay, target: cart, severity: mild';
const reset = 'fault: service.reset, severity: mild';

describe('a fault script', () => {
  test('may name replicas, a peer, a direction and other parameters', () => {
    const { script } = scripted(
      `${delay}, mode: fixed-percent, value: 40, peer: store, direction: to, parameters: { delaySeconds: 0.2 }`,
    );
    expect(script[0]).toMatchObject({
      mode: 'fixed-percent',
      value: 40,
      peer: 'store',
      direction: 'to',
      parameters: { delaySeconds: 0.2 },
    });
  });

  const wrong: readonly (readonly [what: string, fault: string, says: RegExp])[] = [
    [
      'an unknown parameter',
      `${slow}, parameters: { slowFaktor: 2 }`,
      /UNKNOWN_NAME script\[0\]\.parameters\.slowFaktor: .*mean slowFactor\?/,
    ],
    [
      'a share above 1',
      'fault: service.errors, target: cart, severity: mild, parameters: { errorRatio: 2 }',
      /at most 1/,
    ],
    ['half a replica', `${slow}, parameters: { replicasMax: 0.5 }`, /parameters\.replicasMax: must be at least 1/],
    ['a mode without its value', `${slow}, mode: fixed`, /script\[0\]\.mode: the mode fixed needs a value/],
    ['a value without a mode', `${slow}, value: 2`, /script\[0\]\.value: is for a mode/],
    ['a value for a mode that takes none', `${slow}, mode: all, value: 2`, /value: the mode all takes none/],
    ['more than 100 percent', `${slow}, mode: fixed-percent, value: 120`, /value: must be percent/],
    ['no replica at all', `${slow}, mode: fixed, value: 0`, /value: must be a number of replicas/],
    ['a mode where no replica is chosen', 'fault: service.surge, target: web, severity: mild, mode: all', /\.mode: /],
    ['an unknown peer', `${delay}, peer: stor`, /UNKNOWN_NAME script\[0\]\.peer: .*mean store\?/],
    ['a peer that is no service', `${delay}, peer: node-1`, /UNKNOWN_NAME script\[0\]\.peer/],
    [
      'a peer without a call',
      'fault: service.loss, target: web, severity: mild, peer: store',
      /no call to or from store/,
    ],
    ['a peer that only calls it', `fault: service.quota, target: cart, severity: mild, peer: web`, /does not call web/],
    ['a peer of a fault within the service', `${slow}, peer: web`, /\.peer: service\.slow does not act between/],
    ['a direction that does not exist', `${slow}, direction: to`, /\.direction: service\.slow has no direction/],
    ['calls that nobody makes', `${reset}, target: store, direction: to`, /\.direction: store does not call anybody/],
    [
      'calls of a peer that makes none',
      `${reset}, target: cart, peer: store, direction: from`,
      /is not called by store/,
    ],
    [
      'a surge where no users are',
      'fault: service.surge, target: store, severity: mild',
      /\.target: .*nothing to act on/,
    ],
  ];
  for (const [what, fault, says] of wrong) {
    test(`is refused with ${what}`, () => {
      expect(complaint(fault)).toMatch(says);
    });
  }
});
