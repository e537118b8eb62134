/** How much work goes into rules, and how large they may get. */

export interface DistillSettings {
  /** Rounds of playing, labelling, and growing trees. */
  readonly rounds: number;
  /** Episodes that are labelled in a round. */
  readonly episodesPerRound: number;
  /** Sizes of a round's candidates, the largest first: leaves over the trees of all kinds of components. */
  readonly leaves: readonly number[];
  /** Episodes every candidate plays. */
  readonly selectionEpisodes: number;
  /** Candidates that repaired most, which play so many more; who repairs most of all is kept. */
  readonly finalistsMax: number;
  readonly finalEpisodes: number;
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
  rounds: 4,
  episodesPerRound: 30,
  leaves: [64, 40, 24],
  selectionEpisodes: 40,
  finalistsMax: 4,
  finalEpisodes: 100,
  testEpisodes: 200,
  samplesMin: 5,
  horizonSteps: 20,
  quietEvery: 10,
};
