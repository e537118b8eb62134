/** Golden state hashes: a few short episodes end in the very states that `state-hashes.json` says. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { NO_OP } from '../../src/contract/index.ts';
import {
  type ContestEnvironment,
  createEnvironment,
  type EngineName,
  engineNames,
} from '../../src/environment/index.ts';
import { compileDocument, generateScenario, readScenario, type Scenario } from '../../src/scenario/index.ts';

const about = [
  'State hashes of fixed episodes, by the steps after which they were taken. A different hash means that the simulation',
  'gives other results than before: recordings no longer verify, measured figures and trained agents belong to another',
  'system. That is a decision, never an accident: if the change is meant, say why in the commit and write the file anew',
  'with `npm run state-hashes`; if it is not, the change is a bug. The hash depends on neither machine nor Node.js.',
].join(' ');

/** Random moves of both sides in about this share of the steps. */
const ACTING_RATIO = 0.5;
const HASHED_STEPS = [0, 1, 4, 8];

interface Episode {
  readonly scenario: Scenario;
  readonly acting: boolean;
}

const boutique = shipped('online-boutique');
const episodes: Readonly<Record<string, Episode>> = {
  'online-boutique, nobody acts': { scenario: boutique, acting: false },
  'online-boutique, both act at random': { scenario: boutique, acting: true },
  'phenomenon retry-storm, by its script': { scenario: shipped('phenomena/retry-storm'), acting: false },
  'phenomenon zone-loss, by its script, and both act': { scenario: shipped('phenomena/zone-loss'), acting: true },
  'generated, 15 services, both act at random': { scenario: generated(), acting: true },
};

test('fixed episodes end in the states they always ended in', async () => {
  const hashes = Object.entries(episodes).flatMap(([name, episode]) =>
    engineNames.map((engine) => [`${name} (${engine})`, play(episode, engine)]),
  );
  const page = `${JSON.stringify({ about, episodes: Object.fromEntries(hashes) }, null, 2)}\n`;
  await expect(page).toMatchFileSnapshot('state-hashes.json');
});

test('an environment that has been used gives the same states as a fresh one', () => {
  const episode = { scenario: generated(), acting: true };
  const environment = createEnvironment(episode.scenario, { engine: 'flow', script: true });
  const first = hashesOf(environment, episode, 5);
  hashesOf(environment, episode, 6);
  expect(hashesOf(environment, episode, 5)).toEqual(first);
});

function play(episode: Episode, engine: EngineName): Record<string, string> {
  return hashesOf(createEnvironment(episode.scenario, { engine, script: true }), episode, 7);
}

function hashesOf(environment: ContestEnvironment, { acting }: Episode, seed: number): Record<string, string> {
  const moves = new RandomStream(seed, 'determinism/moves');
  const hashes: Record<string, string> = {};
  environment.reset({ seed });
  for (let step = 0; ; step += 1) {
    if (HASHED_STEPS.includes(step)) hashes[`step ${step}`] = environment.stateHash();
    if (step === HASHED_STEPS.at(-1)) return hashes;
    const { chaos, order } = environment.observations;
    const pick = (mask: Uint8Array): number => (moves.uniform() < ACTING_RATIO ? legal(mask, moves) : NO_OP);
    environment.advance(acting ? pick(chaos.mask) : NO_OP, acting ? pick(order.mask) : NO_OP);
  }
}

function legal(mask: Uint8Array, moves: RandomStream): number {
  const choices = [...mask.keys()].filter((choice) => mask[choice] === 1);
  return choices[moves.integer(choices.length)] ?? NO_OP;
}

function shipped(name: string): Scenario {
  return shortened(readScenario(fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url))));
}

function generated(): Scenario {
  return shortened(compileDocument(generateScenario({ services: 15, seed: 3 }), { file: 'generated' }));
}

/** A short warm-up, and a script that begins at once: the engine of single requests pays for every second. */
function shortened(scenario: Scenario): Scenario {
  const first = scenario.script[0]?.startSeconds ?? 0;
  const script = scenario.script.map((fault) => ({ ...fault, startSeconds: fault.startSeconds - first }));
  return { ...scenario, script, contest: { ...scenario.contest, warmUpSeconds: 10 } };
}
