/** The schema of training settings: every key with its limits, its default and a line that says what it means. */

import { z } from 'zod';
import { backendNames } from '../neural/index.ts';
import { coldStartSchema } from './cold-start/cold-start-settings.ts';
import { type RoleSettings, type TrainSettings, withoutUndefined } from './train-settings.ts';

const positive = z.number().positive();
const count = z.number().int().positive();
const ratio = z.number().min(0).max(1);

const roleFields = z.strictObject({
  discount: ratio.describe('discount of one decision; a step of another length is discounted by its time'),
  lambda: ratio.describe('how far advantages trust rewards over values (GAE)'),
  learningRate: positive.describe('step size of Adam at the start'),
  learningRateEnd: z.number().min(0).describe('step size at the end; linear in between'),
  clipRange: positive.describe('how far one update may move the probability of a choice'),
  valueClipRange: positive.nullable().describe('the same for values; null leaves them free'),
  epochs: count.describe('passes over the transitions of an iteration'),
  minibatch: count.describe('transitions per gradient step'),
  entropyWeight: z.number().min(0).describe('reward for staying undecided, at the start'),
  entropyWeightEnd: z.number().min(0).describe('the same at the end; linear in between'),
  valueWeight: z.number().min(0).describe('weight of the value loss'),
  referenceWeight: z
    .number()
    .min(0)
    .describe('pull towards the policy that a cold start left, at the start; roles without a cold start have none'),
  referenceWeightEnd: z.number().min(0).describe('the same at the end; linear in between'),
  gradientNormMax: positive.describe('longer gradients are shortened to this'),
  klTarget: positive.nullable().describe('an update stops beyond 1.5 times this divergence; null never'),
  scaleRewards: z.boolean().describe('divide rewards by the running deviation of their discounted sum'),
  acts: z.enum(['best', 'samples']).describe('how the finished agent chooses'),
  noOpLogit: z.number().describe('logit of doing nothing in an untrained policy: actions in plenty would drown it'),
});

const roleDefaults: RoleSettings = {
  // A repair shows within a minute or two: looking much further ahead mostly adds the noise of other faults.
  discount: 0.97,
  lambda: 0.9,
  learningRate: 2e-3,
  learningRateEnd: 5e-5,
  clipRange: 0.2,
  valueClipRange: null,
  epochs: 4,
  minibatch: 512,
  entropyWeight: 0.01,
  entropyWeightEnd: 0.002,
  valueWeight: 0.5,
  referenceWeight: 0,
  referenceWeightEnd: 0,
  gradientNormMax: 0.5,
  klTarget: 0.03,
  scaleRewards: true,
  acts: 'best',
  noOpLogit: 6,
};

const networkSchema = z.strictObject({
  encoderUnits: count.max(4096).default(64).describe('first layer over the features of a component'),
  embeddingUnits: count.max(4096).default(32).describe('what remains of a component before pooling'),
  headUnits: count.max(4096).default(64).describe('layer that scores the verbs of a component'),
  valueUnits: count.max(4096).default(64).describe('both layers of the critic'),
  messages: z.boolean().default(false).describe('whether components hear the embeddings of their neighbours'),
  memoryUnits: z.number().int().min(0).max(512).default(0).describe('what the actor remembers; 0 for no memory'),
  memorySteps: count.default(16).describe('decisions through which a memory is learned; a part of rolloutSteps'),
});

const archiveSchema = z.strictObject({
  capacity: count.max(1024).default(32).describe('failure scripts kept per scenario'),
  candidates: count.max(1024).default(8).describe('failure scripts on trial per scenario, beside those kept'),
  trials: count.max(1000).default(4).describe('plays of a script until it is kept or dropped'),
  trialRatio: ratio.default(0.5).describe('share of archive episodes that play scripts on trial'),
  mutationRatio: ratio.default(0.5).describe('share of new scripts that are mutations of kept ones'),
  recordDecay: ratio.default(0.9).describe('weight of an older play against the next newer one'),
  learnabilityMin: z
    .number()
    .min(0)
    .max(0.25)
    .default(0.09)
    .describe('a kept script is dropped below this p(1-p) of the success rate p of order'),
  faultsMax: count.max(1024).default(32).describe('faults of a script; longer episodes are not kept'),
  retries: z.number().int().min(0).default(4).describe('decisions at which a fault that is not legal is tried again'),
});

const leagueSchema = z.strictObject({
  shares: z
    .strictObject({
      latest: z.number().min(0).default(0.35).describe('episodes against the other role as it is now'),
      past: z.number().min(0).default(0.25).describe('episodes against its past snapshots'),
      scripted: z.number().min(0).default(0.25).describe('episodes against scripted policies'),
      archive: z.number().min(0).default(0.15).describe('episodes against archived failure scripts; 0 keeps none'),
    })
    .prefault({}),
  quietRatio: ratio.default(0.1).describe('episodes without any fault while order learns'),
  pastMax: z.number().int().min(1).max(64).default(8).describe('past snapshots kept per role'),
  exponent: z.number().min(0).default(1).describe('how strongly hard past opponents are preferred'),
  floor: ratio.default(0.02).describe('least share of a past opponent among the past ones'),
  recordDecay: ratio.default(0.98).describe('weight of an older game against the next newer one'),
  scripts: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe('names of the scripted opponents by role; a role left out keeps those of the task'),
  archive: archiveSchema.prefault({}),
});

const scheduleSchema = z.strictObject({
  roles: z.array(z.string()).nonempty().optional().describe('the roles that learn, in turn; all of them when left out'),
  firstIterations: count.default(36).describe('length of the first turn'),
  turnIterations: count.default(10).describe('length of every later turn'),
  freezeAbove: ratio.default(0.75).describe('a role that succeeds more often than this sits out its turn'),
});

const curriculumSchema = z.strictObject({
  start: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe(
      'difficulty of the first episodes: in a contest, the share of its budget that chaos has; 1 = no curriculum',
    ),
  fullAt: ratio
    .default(0.25)
    .describe('share of the steps after which episodes have their full difficulty; linear until then'),
});

const contestSchema = z.strictObject({
  regret: z.boolean().default(true).describe('pay a learning chaos only for loss that good repair could have avoided'),
  monitoringGapsMax: z
    .strictObject({ lateRatio: ratio, missingRatio: ratio })
    .nullable()
    .default({ lateRatio: 0.1, missingRatio: 0.03 })
    .describe(
      'each episode draws how often its signals come late and never, evenly from 0 to these; null = as the scenario says',
    ),
});

const evaluationSchema = z.strictObject({
  everyIterations: z
    .number()
    .int()
    .min(0)
    .nullable()
    .default(60)
    .describe('iterations between two evaluations of the agents; 0 or null: never, and the last agents are kept'),
  episodes: count.default(32).describe('held-out episodes against each opponent of the panel'),
  snapshots: z.number().int().min(0).max(16).default(2).describe('past selves of the other role in the panel'),
  scripts: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe('names of the scripted opponents in the panel by role; a role left out keeps those of the task'),
  seed: z.number().int().min(0).max(0xffffffff).default(1).describe('draws the held-out seeds, in every run the same'),
  patience: count
    .nullable()
    .default(null)
    .describe('evaluations without improvement of either role after which the run ends; null: never'),
});

/** The settings as a schema: what a user may write, checked and completed. */
export const trainSettingsSchema: z.ZodType<TrainSettings> = z.strictObject({
  seed: z.number().int().min(0).max(0xffffffff).default(1).describe('decides everything random in the run'),
  backend: z
    .enum(backendNames)
    .default('simd')
    .describe(
      'what computes the networks: `simd` is our own and fast, `tfjs` is TensorFlow.js; they differ by rounding',
    ),
  steps: count.default(2_000_000).describe('decisions of the learning roles until the run is complete'),
  environments: count.max(4096).default(32).describe('contests played side by side; a multiple of the shards'),
  shards: count.default(8).describe('groups of environments; results do not depend on how workers share them'),
  rolloutSteps: count.max(65_536).default(128).describe('decisions per environment and iteration'),
  gradientShards: count
    .max(256)
    .default(4)
    .describe('parts of a minibatch; results do not depend on how workers share them'),
  forcedShare: ratio.default(0.05).describe('share of decisions without a choice from which values are learned'),
  normaliseObservations: z.boolean().default(true).describe('scale features by their running mean and deviation'),
  normaliseSteps: count.default(40_000).describe('decisions of a role after which its scaling is frozen'),
  deviationMin: positive.default(0.1).describe('features that vary less are scaled as if they varied so much'),
  hiddenFeatures: z
    .array(z.string().min(1))
    .default([])
    .describe('component features whose names begin so are hidden from all roles, to show what they are worth'),
  network: networkSchema.prefault({}),
  role: roleFields
    .partial()
    .prefault({})
    .transform((fields): RoleSettings => ({ ...roleDefaults, ...withoutUndefined(fields) }))
    .describe('how every role learns'),
  roles: z
    .record(z.string(), roleFields.partial())
    .default({})
    // A chaos that always does its best thing is one that order learns by heart.
    .transform(({ chaos, ...others }) => ({
      ...others,
      chaos: { acts: 'samples' as const, ...withoutUndefined(chaos ?? {}) },
    }))
    .describe('what differs for one role, by its name; chaos samples unless told otherwise'),
  league: leagueSchema.prefault({}),
  schedule: scheduleSchema.prefault({}),
  curriculum: curriculumSchema.prefault({}),
  contest: contestSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  startFrom: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'agents by role, folders or names of shipped ones: a role starts from the network and scaling of its own',
    ),
  coldStart: z.record(z.string(), coldStartSchema).default({}),
});
