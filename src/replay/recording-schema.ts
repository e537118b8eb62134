/** What may stand in each line of a recording: checked when one is read, and published as a JSON Schema. */

import { z } from 'zod';
import { engineNames } from '../environment/index.ts';
import { compiledScenarioSchema } from '../scenario/index.ts';
import { RECORDING_FORMAT, RECORDING_VERSION } from './recording.ts';

const hash = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hex digits');
const amount = z.number().min(0);
const count = z.int().min(0);

const specHashes = z.object({
  observation: hash.describe('of the features of its observation'),
  action: hash.describe('of the actions it chooses among'),
});

const verdict = z.looseObject({
  repaired: z.boolean().describe('whether everything that is judged holds'),
  stillBroken: z.array(z.string()).describe('what does not hold, in words'),
  availability: z.number().describe('requests answered rightly and in time, of all that users sent'),
  quiet: z.boolean().describe('whether no fault ever started'),
  faults: count.describe('faults that started'),
  faultCost: amount.describe('what they cost chaos'),
  repairs: count.describe('repairs that started'),
  repairsFailed: count.describe('those of them that failed'),
  repairCost: amount.describe('what they cost'),
  falseRepairs: count.describe('repairs in an episode without any fault'),
  timesToRepairSeconds: z.array(amount).describe('how long objectives were broken, each time they were restored'),
  brokenSeconds: amount.describe('how long objectives were broken in all'),
  lossSeconds: amount.describe('loss of the objectives, 0 to 1, times how long it lasted, added up'),
  shedRatio: amount.describe('share of the users who were refused on purpose'),
  lostWrites: amount.describe('acknowledged writes that are lost'),
  orderReturn: z.number().describe("sum of order's rewards"),
  chaosReturn: z.number().describe("sum of chaos's rewards"),
});

const info = z.looseObject({
  step: count.describe('the step, counted from 1'),
  timeSeconds: amount.describe('when the step ended, counted from the beginning of the contest'),
  phase: z.enum(['contest', 'recovery', 'over']).describe('of the episode, at that time'),
  objectivesHeld: z.boolean().describe('whether users got what they must get during the step'),
  loss: amount.describe('how far they did not, 0 to 1'),
  verdict: verdict.optional().describe('at the last step: see the last line'),
});

/** The first line but for what is checked apart from it: format and version before, the scenario after. */
const headerFields = {
  wallClock: z
    .looseObject({ startedAt: z.string().describe('ISO 8601') })
    .describe('when the recording was begun; the only thing that differs when the same episode is recorded again'),
  codeVersion: z.string().describe('of the program that wrote the recording: a number and a hash of its sources'),
  nodeVersion: z.string().describe('of the Node.js it ran on'),
  engine: z.enum(engineNames).describe('traffic engine'),
  seed: count.describe('of everything random in the episode'),
  script: z.boolean().describe("whether the scenario's own fault script ran"),
  agents: bothRoles(z.string()).describe('who played, by name or folder'),
  specHashes: bothRoles(specHashes).describe('what the choices and observations of each side meant'),
  hash: hash.describe('of the whole state, right after the reset'),
  tables: tables('hash of each table of that state, by name'),
};

const headerSchema: z.ZodType<object> = z.looseObject(headerFields);

const publishedHeader = z.looseObject({
  format: z.literal(RECORDING_FORMAT),
  version: z.literal(RECORDING_VERSION).describe('of this format'),
  ...headerFields,
  scenario: compiledScenarioSchema.describe('the whole scenario, compiled: SI units, every default written out'),
});

const stepSchema: z.ZodType<object> = z.looseObject({
  step: z.int().min(1).describe('counted from 1'),
  actions: bothRoles(z.string()).describe('the choices in words: `VERB on COMPONENT`, or `-` for nothing'),
  choices: bothRoles(count).describe('the choices as numbers, 0 for nothing; these are what a replay plays'),
  rewards: bothRoles(z.number()).describe('what the step was worth to each side'),
  info: info.describe('how the contest stood after the step'),
  hash: hash.describe('of the whole state after the step'),
  tables: tables('hash of each table whose hash the step changed'),
});

const endSchema: z.ZodType<object> = z.looseObject({
  verdict: verdict.describe('how the episode ended'),
  steps: count.describe('number of step lines'),
  hash: hash.describe('of the whole state at the end'),
});

/** The lines of a recording, as they are checked. */
export const recordingLineSchemas: {
  readonly header: z.ZodType<object>;
  readonly step: z.ZodType<object>;
  readonly end: z.ZodType<object>;
} = { header: headerSchema, step: stepSchema, end: endSchema };

/** The JSON Schema (draft 7) of one line of a recording, whichever it is. */
export function recordingJsonSchema(): object {
  const line = (schema: z.ZodType, title: string): object => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'inline' });
    return { title, ...rest };
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'DeepL-Ops recording, one line',
    description: 'A recording is UTF-8 text: a header, a line per step, and the end, each one JSON object.',
    anyOf: [line(publishedHeader, 'header'), line(stepSchema, 'step'), line(endSchema, 'end')],
  };
}

function bothRoles(of: z.ZodType): z.ZodObject {
  return z.object({ chaos: of, order: of });
}

function tables(description: string): z.ZodType {
  return z.record(z.string(), hash).describe(description);
}
