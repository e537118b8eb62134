/** A random scenario document: a small cluster with every feature of the format, extremes that the reader allows included. */

import type { ScenarioDocument, ServiceSection } from '../../scenario/index.ts';
import type { Dice } from './dice.ts';
import { randomContest, randomControl, randomMonitoring, randomScript } from './random-rules.ts';
import { randomCall, randomService } from './random-service.ts';

const SERVICES_MAX = 8;
const NODES_MAX = 5;

/** Draws a document. `ratesMax` bounds what users send, since an engine of single requests pays for each. */
export function randomDocument(dice: Dice, options: { readonly ratesMax: number }): ScenarioDocument {
  const zones = ['zone-a', 'zone-b', 'zone-c'].slice(0, dice.whole(1, 3));
  const nodes = Array.from({ length: dice.whole(1, NODES_MAX) }, (_, index) => ({
    name: `node-${index}`,
    zone: zones[index % zones.length]!,
    cores: dice.one([1, 4, 16]),
    memory: dice.one(['4Gi', '16Gi']),
    uplink: dice.one(['100kbit/s', '100Mbit/s', '1Gbit/s', '1Gbit/s']),
  }));
  const services = randomServices(
    dice,
    nodes.map(({ name }) => name),
  );
  const names = Object.keys(services);
  const document: ScenarioDocument = {
    name: 'fuzz',
    zones,
    nodes,
    network: {
      interconnect: dice.one(['1Mbit/s', '10Gbit/s']),
      uplinkLatency: dice.one([0, '50us', '20ms']),
      interconnectLatency: dice.one([0, '500us', '200ms']),
      buffer: dice.one([1, '64Ki', '1MB', '1GB']),
    },
    services,
    workloads: randomWorkloads(dice, names, options.ratesMax),
    contest: randomContest(dice),
    control: randomControl(dice),
    monitoring: randomMonitoring(dice),
    tick: dice.one(['50ms', '100ms', '500ms', '500ms', '1s', '3s']),
  };
  const script = dice.maybe(0.4, () => randomScript(dice, document));
  return script === undefined ? document : { ...document, script };
}

/** Services whose calls only lead to later ones. */
function randomServices(dice: Dice, nodes: readonly string[]): Record<string, ServiceSection> {
  const count = dice.whole(1, SERVICES_MAX);
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const density = dice.one([0.15, 0.4, 0.9]);
  const replicasMax = dice.one([1, 2, 4]);
  return Object.fromEntries(
    names.map((name, index) => {
      const callees = names.slice(index + 1).filter(() => dice.chance(density));
      const calls = Object.fromEntries(callees.map((callee) => [callee, randomCall(dice)]));
      return [name, { ...randomService(dice, { replicasMax, nodes }), calls }];
    }),
  );
}

function randomWorkloads(dice: Dice, services: readonly string[], ratesMax: number): ScenarioDocument['workloads'] {
  return Array.from({ length: dice.one([1, 1, 2, 3]) }, (_, index) => ({
    name: `users-${index}`,
    service: index === 0 ? services[0]! : dice.one(services),
    rate: Math.min(ratesMax, dice.one([0.01, 1, 20, 100, 100, 1000, 1e5, 1e7])),
    timeout: dice.chance(0.04) ? 1e6 : dice.one(['10ms', '3s', '3s', '30s']),
    swing: dice.one([0, 0.1, 1]),
    swingDuration: dice.one(['100ms', '2m']),
    request: dice.one([0, '1Ki', '1Mi']),
    response: dice.one([0, '16Ki', '1Mi']),
  }));
}
