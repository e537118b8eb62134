/** The vector form of single environments: for small reference tasks, where copying costs nothing that matters. */

import { assert } from '../../base/index.ts';
import type { Environment, Observation, PerRole, RoleBuffers, VectorEnvironment } from '../../contract/index.ts';

/** Numbers of an episode that ended, by name. */
export interface EpisodeInfo {
  readonly summary: Readonly<Record<string, number>>;
}

/** Steps environments of equal specs together. */
export function vectorise(environments: readonly Environment<EpisodeInfo>[]): VectorEnvironment {
  const first = environments[0];
  assert(first !== undefined, 'a vector of at least one environment');
  const size = environments.length;
  const componentsMax = Math.max(...environments.map(({ topology }) => topology.components.length));
  const buffers: Record<string, RoleBuffers> = {};
  for (const role of first.roles) buffers[role] = roleBuffers(first, role, size, componentsMax);
  const summaries: Readonly<Record<string, number>>[] = environments.map(() => ({}));
  const vector = {
    size,
    roles: first.roles,
    specs: first.specs,
    componentsMax,
    counts: Int32Array.from(environments, ({ topology }) => topology.components.length),
    buffers,
    terminated: new Uint8Array(size),
    truncated: new Uint8Array(size),
    elapsedSeconds: new Float64Array(size),
    topologyOf: (index: number) => environments[index]!.topology,
    resetOne(index: number, seed: number): void {
      copyObservations(buffers, index, environments[index]!.reset({ seed }).observations);
      vector.terminated[index] = 0;
      vector.truncated[index] = 0;
    },
    step(choices: PerRole<Int32Array>): void {
      for (let index = 0; index < size; index++) {
        const own: Record<string, number> = {};
        for (const role of first.roles) own[role] = choices[role]![index]!;
        const result = environments[index]!.step(own);
        copyObservations(buffers, index, result.observations);
        for (const role of first.roles) buffers[role]!.rewards[index] = result.rewards[role]!;
        vector.terminated[index] = result.terminated ? 1 : 0;
        vector.truncated[index] = result.truncated ? 1 : 0;
        vector.elapsedSeconds[index] = result.elapsedSeconds;
        summaries[index] = result.info.summary;
      }
    },
    episodeSummary: (index: number) => summaries[index]!,
  };
  return vector;
}

function roleBuffers(environment: Environment<EpisodeInfo>, role: string, size: number, rows: number): RoleBuffers {
  const { observation, action } = environment.specs[role]!;
  return {
    components: new Float32Array(size * rows * observation.componentFeatures.length),
    cluster: new Float32Array(size * observation.clusterFeatures.length),
    critic: new Float32Array(size * observation.criticFeatures.length),
    mask: new Uint8Array(size * (rows * action.verbs.length + 1)),
    rewards: new Float32Array(size),
  };
}

function copyObservations(buffers: PerRole<RoleBuffers>, index: number, observations: PerRole<Observation>): void {
  for (const [role, observation] of Object.entries(observations)) {
    const { components, cluster, critic, mask, rewards } = buffers[role]!;
    const size = rewards.length;
    components.set(observation.components, (index * components.length) / size);
    cluster.set(observation.cluster, (index * cluster.length) / size);
    critic.set(observation.critic, (index * critic.length) / size);
    mask.set(observation.mask, (index * mask.length) / size);
  }
}
