import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contestSpecs } from '../../src/environment/index.ts';
import { writeAgent } from '../../src/model/index.ts';
import { initialWeights, type NetworkShape } from '../../src/neural/index.ts';
import type { NeuralAgent } from '../../src/policies/index.ts';
import { AgentLibrary, playEpisode } from '../../src/replay/index.ts';
import { policyOf, smallEnvironment } from './small-episode.ts';

const agents = mkdtempSync(join(tmpdir(), 'deepl-ops-agents-'));
const library = new AgentLibrary(agents);
writeAgent(join(agents, 'fresh'), untrainedAgent(), { training: {} });
afterAll(() => rmSync(agents, { recursive: true }));

describe('the agent library', () => {
  it('finds scripted policies by name and tells which are privileged', () => {
    expect(library.find('runbook', 'order').privileged).toBe(false);
    expect(library.find('planner', 'order').privileged).toBe(true);
  });

  it('finds a trained agent by name and by folder, and it plays', () => {
    const environment = smallEnvironment();
    for (const reference of ['fresh', join(agents, 'fresh')]) {
      const order = library.find(reference, 'order').make({});
      const policies = { chaos: policyOf('none', 'chaos', environment), order };
      expect([...playEpisode({ environment, policies, seed: 1 })]).toHaveLength(36);
    }
  });

  it('suggests the nearest name', () => {
    expect(() => library.find('runbok', 'order')).toThrowError(
      expect.objectContaining({ code: 'AGENT_UNKNOWN', hint: expect.stringMatching(/^Did you mean runbook\?/) }),
    );
  });

  it('refuses an agent of the other side, scripted or trained', () => {
    for (const [reference, role] of [
      ['monkey', 'order'],
      ['fresh', 'chaos'],
    ] as const) {
      expect(() => library.find(reference, role)).toThrowError(
        expect.objectContaining({ code: 'AGENT_UNKNOWN', message: expect.stringContaining(`cannot play ${role}`) }),
      );
    }
  });

  it('tells a damaged agent from one that is not there', () => {
    const folder = join(agents, 'damaged');
    mkdirSync(folder);
    writeFileSync(join(folder, 'card.json'), '{}');
    expect(() => library.find('damaged', 'order')).toThrowError(expect.objectContaining({ code: 'AGENT_INVALID' }));
  });

  it('refuses at the start an agent that was trained on other features', () => {
    writeAgent(join(agents, 'foreign'), { ...untrainedAgent(), observationHash: '0000000000000000' }, { training: {} });
    const environment = smallEnvironment();
    const order = library.find('foreign', 'order').make({});
    const policies = { chaos: policyOf('none', 'chaos', environment), order };
    expect(() => playEpisode({ environment, policies, seed: 1 }).next()).toThrowError(
      expect.objectContaining({ code: 'SPEC_MISMATCH' }),
    );
  });
});

function untrainedAgent(): NeuralAgent {
  const { observation, action } = contestSpecs().order;
  const shape: NetworkShape = {
    componentFeatures: observation.componentFeatures.length,
    clusterFeatures: observation.clusterFeatures.length,
    criticFeatures: observation.criticFeatures.length,
    verbs: action.verbs.length,
    encoderUnits: 8,
    embeddingUnits: 4,
    headUnits: 8,
    valueUnits: 8,
  };
  const scaling = (width: number) => ({ means: new Float32Array(width), factors: new Float32Array(width).fill(1) });
  return {
    name: 'fresh',
    role: 'order',
    shape,
    weights: initialWeights(shape, 1),
    scaling: {
      components: scaling(shape.componentFeatures),
      cluster: scaling(shape.clusterFeatures),
      critic: scaling(shape.criticFeatures),
    },
    observationHash: observation.hash,
    actionHash: action.hash,
    acts: 'best',
  };
}
