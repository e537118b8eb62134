/** Single faults at their worst: each kind at its highest severity, per sort of component, where it does most harm. */

import { assert } from '../base/index.ts';
import { decodeChoice, NO_OP } from '../contract/index.ts';
import type { ContestEnvironment } from '../environment/index.ts';
import { faultVerbs } from '../faults/index.ts';
import { perRole } from '../replay/index.ts';

/** A fault on a component, as chaos would choose it. */
export interface SingleFault {
  readonly fault: string;
  readonly severity: string;
  readonly component: number;
  readonly place: string;
  /** Service, store, node, uplink, interconnect or disk. */
  readonly sort: string;
  readonly choice: number;
  /** Objective loss times the seconds it lasted, in the first while, left alone. */
  readonly harm: number;
}

/** How a stretch of an episode went. */
export interface Stretch {
  /** Objective loss times the seconds it lasted. */
  readonly lossSeconds: number;
  /** For how long, up to its end, the objectives have held without a break. */
  readonly heldSeconds: number;
}

const HARM_SECONDS = 180;

/** Starts one choice of each role now and lets the environment run on without any other. */
export function playOn(
  environment: ContestEnvironment,
  options: { readonly chaos?: number; readonly order?: number; readonly seconds: number },
): Stretch {
  let choices = { chaos: options.chaos ?? NO_OP, order: options.order ?? NO_OP };
  let lossSeconds = 0;
  let heldSeconds = 0;
  for (let played = 0; played < options.seconds && environment.running; ) {
    const { info, elapsedSeconds } = environment.step(choices);
    choices = { chaos: NO_OP, order: NO_OP };
    played += elapsedSeconds;
    lossSeconds += info.loss * elapsedSeconds;
    heldSeconds = info.objectivesHeld ? heldSeconds + elapsedSeconds : 0;
  }
  return { lossSeconds, heldSeconds };
}

/** Which single faults are wanted. */
export interface SingleFaultOptions {
  readonly seed: number;
  /** Names of kinds; default all. */
  readonly faults?: readonly string[] | undefined;
  /** Each on every component, not only where it does most harm; default false. */
  readonly everywhere?: boolean | undefined;
}

/** Every kind of fault that is legal when the contest of this seed begins. */
export function singleFaults(
  environment: ContestEnvironment,
  { seed, faults, everywhere }: SingleFaultOptions,
): SingleFault[] {
  const { mask } = perRole(environment.reset({ seed }).observations, 'chaos');
  const start = environment.snapshot();
  const legal = [...mask.keys()].filter((choice) => mask[choice] === 1);
  const worst = new Map<string, SingleFault>();
  for (const choice of legal) {
    const fault = describe(environment, choice);
    if (fault === undefined || faults?.includes(fault.fault) === false) continue;
    environment.restore(start);
    const { lossSeconds } = playOn(environment, { chaos: choice, seconds: HARM_SECONDS });
    const key = `${fault.fault} ${everywhere ? fault.place : fault.sort}`;
    const known = worst.get(key);
    if (known === undefined || lossSeconds > known.harm) worst.set(key, { ...fault, harm: lossSeconds });
  }
  return [...worst.values()].sort((a, b) => kindOrder(a) - kindOrder(b));
}

/** Undefined for the no-op and for severities that are not the highest of their kind. */
function describe(environment: ContestEnvironment, choice: number): Omit<SingleFault, 'harm'> | undefined {
  const action = decodeChoice(choice, faultVerbs.length);
  if (action === undefined) return undefined;
  const { component } = action;
  const verb = faultVerbs[action.verb];
  const place = environment.topology.components[component];
  assert(verb !== undefined && place !== undefined, 'a legal choice names a fault and a component');
  const { kind, severity } = verb;
  if (severity !== kind.severities.at(-1)) return undefined;
  const sort = sortOf(environment, { component, kind: place.kind });
  return { fault: kind.name, severity: severity.name, component, place: place.name, sort, choice };
}

/** Kinds of components, stores apart from other services and the links of a node from those between zones. */
function sortOf({ cluster }: ContestEnvironment, place: { component: number; kind: string }): string {
  const { component, kind } = place;
  if (kind === 'service') return cluster.spec.services[component]?.storage === null ? 'service' : 'store';
  if (kind !== 'link') return kind;
  return component - cluster.topology.offsets.link < cluster.topology.nodes ? 'uplink' : 'interconnect';
}

function kindOrder({ fault }: SingleFault): number {
  return faultVerbs.findIndex(({ kind }) => kind.name === fault);
}
