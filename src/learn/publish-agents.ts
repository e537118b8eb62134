/** Writes a run's agents: of each role the best one so far, and beside it the last one where that is another. */

import type { BestAgent } from './evaluator.ts';
import type { RunFolder } from './run-folder-file.ts';
import type { Trainer } from './trainer.ts';

/** Writes `agents/<role>` and `agents/<role>-last`; returns the folders of the former by role. */
export function publishAgents(trainer: Trainer, folder: RunFolder): Record<string, string> {
  const folders: Record<string, string> = {};
  const origin = { ...folder.card.about, seed: trainer.settings.seed };
  for (const [index, role] of trainer.task.roles.entries()) {
    const name = `${role}-${trainer.settings.seed}`;
    const { iteration, steps } = trainer;
    const last = { ...origin, iteration, steps, roleSteps: trainer.learners[index]!.steps };
    const best = trainer.evaluator.best(role);
    if (best === undefined) {
      folders[role] = folder.writeAgent(role, trainer.agent(role, name), last);
    } else {
      const training = { ...origin, ...chosen(best, trainer) };
      folders[role] = folder.writeAgent(role, trainer.agent(role, name, 'best'), training);
    }
    const differs = best !== undefined && best.roleSteps !== last.roleSteps;
    if (differs) folder.writeAgent(`${role}-last`, trainer.agent(role, `${name}-last`), last);
    else folder.removeAgent(`${role}-last`);
  }
  return folders;
}

/** Where the best agent comes from and what it was chosen for; the choice makes its score look a little too good. */
function chosen({ score, against, ...from }: BestAgent, { settings }: Trainer): Record<string, unknown> {
  const { seed, episodes } = settings.evaluation;
  const { value, low, high } = score;
  const evaluation = {
    success: value,
    low,
    high,
    episodes: score.episodes,
    against,
    heldOutSeeds: { seed, episodes },
    note: 'chosen by this score: an unbiased one needs other seeds (deepl-ops benchmark)',
  };
  return { ...from, evaluation };
}
