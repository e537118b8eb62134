/** In which order repairs are told: by how likely the network is to choose them, and what else counts where that says nothing. */

import { NO_OP } from '../contract/index.ts';

const REPAIRS_MAX = 10;
/** Less is not worth a line. */
const PROBABILITY_MIN = 0.001;
/** Likelier than all else together. Below, where all that is known is an alert, the order hangs on how gaps were filled. */
const FAVOURED_ABOVE = 0.5;

/** Repairs by probability, the likeliest first; those that hardly are, are left out. */
export function likeliestRepairs(probabilities: Float64Array): number[] {
  const choices = repairs(probabilities).filter((choice) => (probabilities[choice] ?? 0) >= PROBABILITY_MIN);
  return byProbability(choices, probabilities).slice(0, REPAIRS_MAX);
}

/**
 * For someone whom an alert has called: also repairs the network hardly thinks of, all that are on offer. Of those it has
 * no favourite among, the ones that answer a sign the alert tells of come first.
 */
export function repairsForAlert(
  { probabilities, legalShares }: { readonly probabilities: Float64Array; readonly legalShares: Float64Array },
  answersSign: (choice: number) => boolean,
): number[] {
  const offered = byProbability(
    repairs(probabilities).filter((choice) => (legalShares[choice] ?? 0) > 0),
    probabilities,
  );
  const favoured = offered.filter((choice) => isFavoured(probabilities, choice));
  const others = offered.slice(favoured.length);
  const answers = others.filter(answersSign);
  const rest = others.filter((choice) => !answersSign(choice));
  return [...favoured, ...answers, ...rest].slice(0, REPAIRS_MAX);
}

/** Whether the network favours no repair: it knows none for this, or would rather wait and see. */
export function favoursNone(probabilities: Float64Array): boolean {
  return repairs(probabilities).every((choice) => !isFavoured(probabilities, choice));
}

function isFavoured(probabilities: Float64Array, choice: number): boolean {
  return (probabilities[choice] ?? 0) > FAVOURED_ABOVE;
}

function repairs(probabilities: Float64Array): number[] {
  return [...probabilities.keys()].filter((choice) => choice !== NO_OP);
}

function byProbability(choices: number[], probabilities: Float64Array): number[] {
  return choices.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
}
