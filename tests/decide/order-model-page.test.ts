/** The maps and the document that `docs/order-model.md` shows do what the page says of them. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { model } from './hand-made-model.ts';
import { webhook } from './shop.ts';

const page = readFileSync(new URL('../../docs/order-model.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n([\s\S]+?)^```$/gm)].map(([, text = '']) => text);
const shown = (comment: string) => parse(blocks.find((text) => text.startsWith(`# ${comment}`)) ?? '');

describe('the page on the order model', () => {
  test('shows a document that tells all there is to know of its map', () => {
    const options = { topology: shown('shop.topology.yaml'), now: '2026-11-22T12:00:05Z' };
    const { knowledge, reasons } = model.decide(shown('signals.yaml'), options);
    expect(knowledge).toMatchObject({ signalsKnown: 29, signalsExpected: 29, componentsSeen: 4 });
    expect(reasons.map(({ code }) => code)).not.toContain('incomplete');
  });

  test('shows a map that binds its alert', () => {
    const labels = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop-eu', deployment: 'cart' };
    const payload = {
      version: '4',
      alerts: [{ status: 'firing', labels, startsAt: '2026-11-22T12:00:00Z' }],
    };
    const { knowledge, notes } = model.decide(payload, { topology: shown('shop.topology.yaml') });
    expect(knowledge).toMatchObject({ alerts: 1, unboundAlerts: [] });
    expect(notes.join()).toContain('KubeDeploymentReplicasMismatch fires on cart');
  });

  test('shows a map for the alert of a server behind haproxy', () => {
    const { knowledge } = model.decide(webhook(), { topology: shown('haproxy.topology.yaml') });
    expect(knowledge).toMatchObject({ alerts: 1, signalsKnown: 1, signalsExpected: 33 });
  });
});
