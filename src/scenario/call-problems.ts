/** Pools, breakers and caches of calls that say what cannot be, or do nothing. */
import type { CallSpec, ClusterSpec } from '../cluster/index.ts';
import type { ScenarioProblem } from './cluster-problems.ts';
import type { CallSection, ScenarioDocument, ServiceSection } from './document.ts';

/** The first breaker or cache that could never do anything, or undefined. */
export function callProblem({ services, calls }: ClusterSpec): ScenarioProblem | undefined {
  for (const call of calls) {
    const idle = idlePart(call);
    if (idle === undefined) continue;
    const path = ['services', services[call.caller]?.name ?? '', 'calls', services[call.callee]?.name ?? ''];
    return { path: [...path, ...idle.fields], message: idle.message, hint: idle.hint };
  }
  return undefined;
}

interface IdlePart {
  readonly fields: readonly string[];
  readonly message: string;
  readonly hint: string;
}

function idlePart({ breaker, cache }: CallSpec): IdlePart | undefined {
  if (breaker !== null && breaker.failureRatioMax >= 1) {
    return {
      fields: ['breaker', 'failureRatio'],
      message: 'more than all calls cannot fail, so the breaker would never open',
      hint: 'Write less than 100 %, or leave the breaker out.',
    };
  }
  if (cache !== null && cache.hitRatio === 0) {
    return {
      fields: ['cache', 'hitRatio'],
      message: 'a cache that answers no call does nothing',
      hint: 'Write more than 0, or leave the cache out.',
    };
  }
  return undefined;
}

/** The first service or call of a document that states something which has no meaning beside the rest, or undefined. */
export function contradiction({ services, defaults }: ScenarioDocument): ScenarioProblem | undefined {
  for (const [name, service] of Object.entries(services)) {
    const found = storeContradiction(name, service) ?? poolContradiction(name, service, defaults?.call ?? {});
    if (found) return found;
  }
  return undefined;
}

function storeContradiction(name: string, service: ServiceSection): ScenarioProblem | undefined {
  if (service.storage === undefined) return undefined;
  const field = (['balancing', 'failOpen'] as const).find((each) => service[each] !== undefined);
  if (field === undefined) return undefined;
  return {
    path: ['services', name, field],
    message: 'a service with storage has one leader, which takes all requests: there is nothing to balance',
    hint: `Leave ${field} out, or the storage.`,
  };
}

function poolContradiction(name: string, service: ServiceSection, defaults: CallSection): ScenarioProblem | undefined {
  for (const [callee, call] of Object.entries(service.calls ?? {})) {
    const connections = call.connections ?? defaults.connections ?? 'unlimited';
    if (call.connectionWait === undefined || connections !== 'unlimited') continue;
    return {
      path: ['services', name, 'calls', callee, 'connectionWait'],
      message: 'nobody waits for a connection where there are unlimited ones',
      hint: 'State `connections`, the size of the pool, or leave connectionWait out.',
    };
  }
  return undefined;
}
