/** Settings of the cold start: what a role is shown before it learns by play, and how it learns from that. */

import { z } from 'zod';

/** Where demonstrations come from: a policy that plays, or recordings of episodes. */
interface DemonstrationSettings {
  readonly policy?: string | undefined;
  readonly against?: string | undefined;
  readonly playedBy?: string | undefined;
  readonly episodes?: number | undefined;
  readonly recordings?: readonly string[] | undefined;
  readonly weight: number;
  readonly actionsOnly: boolean;
}

/** One role's cold start. */
export interface ColdStartSettings {
  readonly demonstrations: readonly DemonstrationSettings[];
  readonly rounds: number;
  readonly askedShare: number;
  readonly askedShareLosing: number;
  readonly noOpShare: number;
  readonly actionWeight: number;
  readonly heldOutShare: number;
  readonly epochs: number;
  readonly patience: number;
  readonly minibatch: number;
  readonly learningRate: number;
  readonly learningRateEnd: number;
  readonly valueWeight: number;
  readonly entropyWeight: number;
  readonly gradientNormMax: number;
  readonly weightDecay: number;
}

const positive = z.number().positive();
const count = z.number().int().positive();
const share = z.number().min(0).max(1);

const demonstrationSchema = z
  .strictObject({
    policy: z.string().optional().describe('who shows how: a scripted policy by name, or the folder of an agent'),
    against: z.string().optional().describe('who plays the other role; left out, its first scripted opponent'),
    playedBy: z
      .string()
      .optional()
      .describe(
        'who plays while the policy only says what it would have done, or the policy again, which then plays itself in every round; left out, it does so in the first round, unless the role starts from an agent, and else the learner plays',
      ),
    episodes: count.optional().describe('episodes of the policy in every round; left out, 200'),
    recordings: z.array(z.string()).nonempty().optional().describe('recordings of episodes, instead of a policy'),
    weight: positive.default(1).describe('how much each decision of this source counts'),
    actionsOnly: z
      .boolean()
      .default(false)
      .describe('only decisions with an action count, as a choice among actions: shows which one, not when to act'),
  })
  .refine(({ policy, recordings }) => (policy === undefined) !== (recordings === undefined), {
    message: 'name either a policy or recordings',
  })
  .refine(
    ({ policy, against, playedBy, episodes }) =>
      policy !== undefined || (against ?? playedBy ?? episodes) === undefined,
    { message: 'recordings hold their own players and episodes: leave out against, playedBy and episodes' },
  );

/** What a user may write for a role, checked and completed. */
export const coldStartSchema: z.ZodType<ColdStartSettings> = z.strictObject({
  demonstrations: z.array(demonstrationSchema).nonempty(),
  rounds: count
    .max(100)
    .default(1)
    .describe('in every further round the learner plays, and the policies say what they would have done'),
  askedShare: positive
    .max(1)
    .default(1)
    .describe('share of the decisions at which policies are asked that do not play and do not keep track of all'),
  askedShareLosing: positive.max(1).default(1).describe('the same right after a step that lost reward'),
  noOpShare: positive
    .max(1)
    .default(0.5)
    .describe('share of the decisions without an action that is kept; each counts for as many as it stands for'),
  actionWeight: positive.default(1).describe('how much more a decision with an action counts; above 1 acts sooner'),
  heldOutShare: share.default(0.15).describe('share of the episodes that only measure how well is imitated'),
  epochs: count.default(30).describe('passes over the demonstrations in every round, at most'),
  patience: count.default(4).describe('epochs without a better held-out cross-entropy after which a round ends'),
  minibatch: count.default(128).describe('decisions per gradient step'),
  learningRate: positive.default(2e-3).describe('step size of Adam at the start of a round'),
  learningRateEnd: z.number().min(0).default(1e-4).describe('step size in the last epoch; linear in between'),
  valueWeight: z.number().min(0).default(0.5).describe('weight of the value loss against the cross-entropy'),
  entropyWeight: z.number().min(0).default(0).describe('reward for staying undecided'),
  gradientNormMax: positive.default(5).describe('longer gradients are shortened to this'),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('share of the weights, times the step size, that is taken off them in every step; learns less by heart'),
});
