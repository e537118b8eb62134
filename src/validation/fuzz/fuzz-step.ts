/** What is done in one step of a fuzz episode, in a form that can be played again and thinned out. */

import { type Cluster, type EffectKind, type EffectTarget, effectForms } from '../../cluster/index.ts';
import { decodeChoice, NO_OP } from '../../contract/index.ts';
import type { ContestEnvironment } from '../../environment/index.ts';
import { faultVerbs } from '../../faults/index.ts';
import { repairVerbs } from '../../repairs/index.ts';
import type { Dice } from './dice.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** An effect without a fault or a repair behind it. */
export interface BareEffect {
  readonly kind: EffectKind;
  readonly target: number;
  readonly value: number;
  /** Positive as those of faults, and beyond theirs. */
  readonly owner: number;
}

export interface FuzzStep {
  readonly chaos: number;
  readonly order: number;
  readonly starts: readonly BareEffect[];
  /** Owners of bare effects that end before the step. */
  readonly ends: readonly number[];
}

const FIRST_OWNER = 1_000_000;
const EFFECTS_AT_ONCE_MAX = 40;

/** Draws steps as an episode goes. */
export class StepDraws {
  readonly #case: FuzzCase;
  readonly #dice: Dice;
  readonly #owners: number[] = [];
  #started = 0;

  constructor(of: FuzzCase, dice: Dice) {
    this.#case = of;
    this.#dice = dice;
  }

  /** What comes before the choices, since it may change what is legal. */
  effects(cluster: Cluster): Pick<FuzzStep, 'starts' | 'ends'> {
    return { ends: this.#ends(), starts: this.#starts(cluster) };
  }

  choices({ observations: { chaos, order } }: ContestEnvironment): Pick<FuzzStep, 'chaos' | 'order'> {
    return {
      chaos: this.#choice(chaos.mask, this.#case.chaosActs),
      order: this.#choice(order.mask, this.#case.orderActs),
    };
  }

  #starts(cluster: Cluster): BareEffect[] {
    const starts: BareEffect[] = [];
    for (let left = this.#case.effectsPerStep; left > 0; left -= 1) {
      if (!this.#dice.chance(left) || this.#owners.length >= EFFECTS_AT_ONCE_MAX) continue;
      const effect = this.#effect(cluster);
      if (effect === undefined) continue;
      this.#owners.push(effect.owner);
      starts.push(effect);
    }
    return starts;
  }

  #ends(): number[] {
    return this.#owners.length > 0 && this.#dice.chance(0.5)
      ? this.#owners.splice(this.#dice.whole(0, this.#owners.length - 1), 1)
      : [];
  }

  #effect(cluster: Cluster): BareEffect | undefined {
    const kinds = Object.keys(effectForms) as EffectKind[];
    const kind = this.#dice.one(kinds);
    const count = targets(cluster)[effectForms[kind].target];
    if (count === 0) return undefined;
    this.#started += 1;
    const target = this.#dice.whole(0, count - 1);
    return { kind, target, value: effectValue(this.#dice, kind), owner: FIRST_OWNER + this.#started };
  }

  #choice(mask: Uint8Array, acts: number): number {
    if (!this.#dice.chance(acts)) return NO_OP;
    const legal = legalChoices(mask);
    // The no-op is the first of them; an agent that could act does.
    return legal.length > 1 ? legal[this.#dice.whole(1, legal.length - 1)]! : NO_OP;
  }
}

/** Puts the bare effects of a step in force, ends others, and brings the masks up to date. */
export function applyEffects(
  environment: ContestEnvironment,
  { starts, ends }: Pick<FuzzStep, 'starts' | 'ends'>,
): void {
  if (starts.length + ends.length === 0) return;
  const { effects } = environment.cluster;
  for (const owner of ends) effects.endOwner(owner);
  for (const effect of starts) effects.start(effect);
  environment.restore(environment.snapshot());
}

/** All legal choices. */
export function legalChoices(mask: Uint8Array): number[] {
  const legal: number[] = [];
  for (let choice = 0; choice < mask.length; choice += 1) if (mask[choice] === 1) legal.push(choice);
  return legal;
}

/** The names of what a step does. */
export function describeStep(step: FuzzStep, environment: ContestEnvironment): string[] {
  const { components } = environment.topology;
  const named = (role: string, choice: number, verbs: readonly { readonly name: string }[]): string[] => {
    const action = decodeChoice(choice, verbs.length);
    if (action === undefined) return [];
    return [`${role} ${verbs[action.verb]?.name} on ${components[action.component]?.name}`];
  };
  return [
    ...step.ends.map((owner) => `effect ${owner - FIRST_OWNER} ends`),
    ...step.starts.map(({ kind, target, value, owner }) => `effect ${owner - FIRST_OWNER}: ${kind} ${target} ${value}`),
    ...named('chaos', step.chaos, faultVerbs),
    ...named('order', step.order, repairVerbs),
  ];
}

function targets({ topology }: Cluster): Record<EffectTarget, number> {
  return {
    service: topology.services,
    call: topology.calls,
    replica: topology.replicas,
    port: topology.ports,
    node: topology.nodes,
    link: topology.links,
    disk: topology.disks,
  };
}

/** A value that a fault could give: shares within 0 and 1, multiples above 0, amounts from nothing to far too much. */
function effectValue(dice: Dice, kind: EffectKind): number {
  switch (effectForms[kind].combine) {
    case 'any':
      return 1;
    case 'union':
      return dice.one([0.01, 0.3, 0.9, 1]);
    case 'product':
      return dice.one(kind === 'serviceSurge' ? [0, 0.5, 2, 8] : [0.5, 2, 10, 1000]);
    case 'minimum':
      return dice.one([1, 100, 1e4, 1e6]);
    case 'sum':
      return kind.endsWith('Delay') || kind.endsWith('Jitter') || kind.endsWith('Linger')
        ? dice.one([1e-4, 0.05, 1, 30])
        : dice.one([0.5, 10, 1e4, 1e9]);
  }
}
