/** How much work goes into rules, and how large they may get. */

export interface DistillSettings {
  /** Rounds of playing, labelling, and growing trees. */
  readonly rounds: number;
  /** Episodes that are labelled in a round. */
  readonly episodesPerRound: number;
  /** Sizes of a round's candidates, the largest first: leaves over the trees of all kinds of components. */
  readonly leaves: readonly number[];
  /**
   * How many times as much a repair of the network counts as leaving a component alone when trees are grown; repairs are
   * rare, and rules that miss one wait for ever. Candidates of every size are grown with each.
   */
  readonly repairWeights: readonly number[];
  /**
   * Episodes of every stage of selection (successive halving): all candidates play the first, the better half of them the
   * next on top, and so on; who has repaired most in the end is kept.
   */
  readonly selectionEpisodes: readonly number[];
  /** Episodes that rules, network and doing nothing are measured by, apart from all others. */
  readonly testEpisodes: number;
  /** Samples a leaf must hold. */
  readonly samplesMin: number;
  /** Steps over which the value of a choice is judged. */
  readonly horizonSteps: number;
  /** Of every so many episodes, one is played without chaos. */
  readonly quietEvery: number;
}

export const distillDefaults: DistillSettings = {
  rounds: 12,
  episodesPerRound: 120,
  leaves: [64],
  repairWeights: [8, 4],
  selectionEpisodes: [60, 120, 240],
  testEpisodes: 400,
  samplesMin: 5,
  horizonSteps: 20,
  quietEvery: 10,
};
