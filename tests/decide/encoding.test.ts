/** Documents carry all that an observation is made of: read back, they give what the environment shows its agents. */

import { expect, test } from 'vitest';
import { NO_OP } from '../../src/contract/index.ts';
import { encodeDocuments } from '../../src/decide/index.ts';
import { contestSpecs, createEnvironment, signalsOf } from '../../src/environment/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import { readScenario } from '../../src/scenario/index.ts';

const scenario = readScenario(new URL('../../scenarios/online-boutique.yaml', import.meta.url).pathname);
const { observation, action } = contestSpecs().order;
const spec = { observation, action, signalsOf };

/** Names of the features that differ, of a component or of the cluster. */
function differences(actual: Float32Array, expected: Float32Array, features: readonly { name: string }[]): string[] {
  const found = new Set<string>();
  expected.forEach((value, index) => {
    if (Math.abs(value - (actual[index] ?? Number.NaN)) < 1e-5) return;
    found.add(`${features[index % features.length]?.name}: ${actual[index]} for ${value}`);
  });
  return [...found];
}

test.each([1, 2])('a report of any moment gives the observation and the mask of that moment (seed %i)', (seed) => {
  const environment = createEnvironment(scenario, { engine: 'flow' });
  const chaos = findPolicy('monkey')!.make({});
  const order = findPolicy('random')!.make({});
  const { topology, specs } = environment;
  let { observations } = environment.reset({ seed });
  chaos.reset({ role: 'chaos', topology, spec: specs.chaos, seed });
  order.reset({ role: 'order', topology, spec: specs.order, seed });
  for (let step = 0; step < 90; step += 1) {
    const repair = step % 4 === 0 ? order.act(observations.order!) : NO_OP;
    ({ observations } = environment.step({ chaos: chaos.act(observations.chaos!), order: repair }));
    if (step % 3 !== 0) continue;
    const { components, cluster, mask } = observations.order!;
    const { topology: map, signals } = environment.situation({ beganMillis: 1_800_000_000_000 });
    const encoded = encodeDocuments({ topology: map, signals, now: signals.at }, spec);
    expect(differences(encoded.components, components, observation.componentFeatures)).toEqual([]);
    expect(differences(encoded.cluster, cluster, observation.clusterFeatures)).toEqual([]);
    // A document does not say what a repair may still cost.
    const legal = [...mask.keys()].filter((choice) => mask[choice] === 1);
    const offered = [...mask.keys()].filter((choice) => encoded.mask[choice] === 1);
    if (environment.scenario.contest.repairBudget * (1 - cluster[3]!) >= 3) expect(offered).toEqual(legal);
    else expect(legal.filter((choice) => !offered.includes(choice))).toEqual([]);
  }
});
