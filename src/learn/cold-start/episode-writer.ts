/** Writes one episode's decisions into the store as they come, and what followed them once it is over. */

import { assert, type RandomStream } from '../../base/index.ts';
import { NO_OP, type VectorEnvironment } from '../../contract/index.ts';
import { choicesPerRow } from '../../neural/index.ts';
import { addFeatureRows, SUMS } from '../feature-sums.ts';
import { ObservationRows } from '../observation-rows.ts';
import { onlyChoice, SEVERAL } from '../observation-view.ts';
import { featureWidth } from '../role-vector.ts';
import type { ColdStartSettings } from './cold-start-settings.ts';
import type { DemonstrationStore } from './demonstration-store.ts';

/** How decisions are kept. */
export interface WriterOptions {
  readonly settings: Pick<ColdStartSettings, 'noOpShare' | 'actionWeight'>;
  /** Share of decisions without a choice that is kept, to learn values from. */
  readonly forcedShare: number;
}

/** What is known of an episode before it begins. */
export interface EpisodeStart {
  /** How much each decision counts. */
  readonly weight: number;
  /** Only decisions with an action are kept, as if doing nothing had been no choice. */
  readonly actionsOnly: boolean;
  /** See `demonstrationGraphs`. */
  readonly graph: number;
  readonly stream: RandomStream;
}

/** Where an episode was cut, decisions are left out of which more than this much of the future is not known. */
const UNKNOWN_MAX = 0.1;

/** Writes into a store, one episode at a time. */
export class EpisodeWriter {
  readonly #store: DemonstrationStore;
  readonly #options: WriterOptions;
  readonly #rows: ObservationRows;
  readonly #rewards: Float64Array;
  readonly #discounts: Float64Array;
  /** By step: the slot it is kept in, or -1. */
  readonly #slots: Int32Array;
  readonly #choices: number;
  #episode = 0;
  #steps = 0;
  #weight = 1;
  #actionsOnly = false;
  #graph = 0;
  #stream: RandomStream | undefined;
  /** The discounted sum of rewards so far. */
  #gathered = 0;

  constructor(store: DemonstrationStore, options: WriterOptions) {
    const { role, componentsMax, slotsPerEpisode } = store;
    this.#store = store;
    this.#options = options;
    this.#rows = new ObservationRows({ role, componentsMax, graphs: [], firstEnvironment: 0 }, 0, store.samples);
    this.#rewards = new Float64Array(slotsPerEpisode);
    this.#discounts = new Float64Array(slotsPerEpisode);
    this.#slots = new Int32Array(slotsPerEpisode);
    this.#choices = choicesPerRow(role.shape, componentsMax);
  }

  /** Starts an episode; the stream decides which decisions are kept. */
  begin(episode: number, { weight, actionsOnly, graph, stream }: EpisodeStart): void {
    this.#episode = episode;
    this.#weight = weight;
    this.#actionsOnly = actionsOnly;
    this.#graph = graph;
    this.#stream = stream;
    this.#steps = 0;
    this.#gathered = 0;
    this.#store.kept[episode] = 0;
    this.#store.decisions[episode] = 0;
    this.#store.actions[episode] = 0;
    const width = this.#sumsWidth();
    this.#store.sums.fill(0, episode * width, (episode + 1) * width);
  }

  /** Takes in what the demonstrator decides on what the environment shows now. */
  decide(environment: VectorEnvironment, choice: number): void {
    const { role, kept, decisions, actions } = this.#store;
    assert(this.#stream !== undefined && this.#steps < this.#slots.length, 'an episode has no more steps than slots');
    const forced = onlyChoice(environment.buffers[role.role]!.mask) !== SEVERAL;
    const acts = choice !== NO_OP;
    const share = this.#share(forced, acts);
    const keeps = this.#stream.uniform() < share;
    this.#slots[this.#steps] = keeps ? this.#keep(environment, choice, this.#factor(forced, acts)) : -1;
    if (keeps) kept[this.#episode] = kept[this.#episode]! + 1;
    if (forced) return;
    decisions[this.#episode] = decisions[this.#episode]! + 1;
    if (acts) actions[this.#episode] = actions[this.#episode]! + 1;
    this.#addFeatures(environment);
  }

  /** A decision at which the demonstrator was not asked. */
  pass(): void {
    this.#slots[this.#steps] = -1;
  }

  /** Takes in what the step after the decision gave. */
  reward(reward: number, discount: number): void {
    const { sums } = this.#store;
    this.#rewards[this.#steps] = reward;
    this.#discounts[this.#steps] = discount;
    this.#steps++;
    this.#gathered = this.#gathered * discount + reward;
    const start = this.#episode * this.#sumsWidth();
    sums[start + SUMS.returnCount] = sums[start + SUMS.returnCount]! + 1;
    sums[start + SUMS.returnSum] = sums[start + SUMS.returnSum]! + this.#gathered;
    sums[start + SUMS.returnSquares] = sums[start + SUMS.returnSquares]! + this.#gathered * this.#gathered;
  }

  /** Ends the episode; `whole` says whether it came to its natural end. */
  finish(whole: boolean): void {
    const { returns, weights } = this.#store.samples;
    let followed = 0;
    let unknown = whole ? 0 : 1;
    for (let step = this.#steps - 1; step >= 0; step--) {
      followed = this.#rewards[step]! + this.#discounts[step]! * followed;
      unknown *= this.#discounts[step]!;
      const slot = this.#slots[step]!;
      if (slot < 0) continue;
      returns[slot] = followed;
      if (unknown > UNKNOWN_MAX) weights[slot] = 0;
    }
  }

  #share(forced: boolean, acts: boolean): number {
    const { settings, forcedShare } = this.#options;
    if (!acts && this.#actionsOnly) return 0;
    if (forced) return forcedShare;
    return acts ? 1 : settings.noOpShare;
  }

  /** What a kept decision counts; one without an action stands for those that were not kept. */
  #factor(forced: boolean, acts: boolean): number {
    const { noOpShare, actionWeight } = this.#options.settings;
    if (forced) return this.#weight;
    return this.#weight * (acts ? actionWeight : 1 / noOpShare);
  }

  #keep(environment: VectorEnvironment, choice: number, weight: number): number {
    const { samples, kept, slotsPerEpisode } = this.#store;
    const slot = this.#episode * slotsPerEpisode + kept[this.#episode]!;
    this.#rows.fill(slot, environment, 0, undefined);
    if (this.#actionsOnly) samples.mask[slot * this.#choices + NO_OP] = 0;
    samples.graphOf[slot] = this.#graph;
    samples.choices[slot] = choice;
    samples.weights[slot] = weight;
    return slot;
  }

  #addFeatures(environment: VectorEnvironment): void {
    const { role, sums } = this.#store;
    const { shape } = role;
    const { components, cluster, critic } = environment.buffers[role.role]!;
    const rows = environment.counts[0]!;
    const start = this.#episode * this.#sumsWidth();
    const squares = featureWidth(shape);
    let at = start + SUMS.features;
    sums[start + SUMS.componentRows] = sums[start + SUMS.componentRows]! + rows;
    sums[start + SUMS.clusterRows] = sums[start + SUMS.clusterRows]! + 1;
    for (const [source, count, width] of [
      [components, rows, shape.componentFeatures],
      [cluster, 1, shape.clusterFeatures],
      [critic, 1, shape.criticFeatures],
    ] as const) {
      addFeatureRows(source, sums, { start: 0, rows: count, width, sums: at, squares: at + squares });
      at += width;
    }
  }

  #sumsWidth(): number {
    return this.#store.sums.length / this.#store.episodes;
  }
}
