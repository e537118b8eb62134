/** How much a model may not know before its answer changes: signals of recorded situations are hidden, and it is asked again. */

import { RandomStream } from '../base/index.ts';
import type { OrderModel } from '../decide/index.ts';
import type { SituationReport } from '../environment/index.ts';
import type { DistillProgress } from './distill.ts';

/** Shares of the components whose signals are hidden. */
const HIDDEN_SHARES = [0.1, 0.25, 0.5, 0.75, 0.9];
/** Share of right answers a model must give to be asked at all. */
const RIGHT_MIN = 0.8;

/** What hiding did. */
export interface HiddenSignals {
  readonly situations: number;
  /** By share of the signals that were left: how often the answer stayed what it was with all of them. */
  readonly byKnownShare: readonly { readonly knownShare: number; readonly unchanged: number }[];
  /** Least share of known signals, of those tried, with which enough answers stay the same. */
  readonly knownShareMin: number;
  /** Where so much is known: least agreement of the fillings from which on enough answers are those of full knowledge. */
  readonly agreementMin: number;
}

/** Asks about every situation with ever fewer signals; yields after each question. */
export function* measureHiding(
  model: OrderModel,
  situations: readonly SituationReport[],
): Generator<DistillProgress, HiddenSignals> {
  const stream = new RandomStream(1, 'hidden-signals');
  const answers: { knownShare: number; agreement: number; unchanged: boolean; hidden: number }[] = [];
  for (const { topology, signals } of situations) {
    const full = answerTo(model, signals, topology);
    for (const hidden of HIDDEN_SHARES) {
      const components = Object.entries(signals.components).filter(() => stream.uniform() >= hidden);
      const { answer, knownShare, agreement } = answerTo(
        model,
        { ...signals, components: Object.fromEntries(components) },
        topology,
      );
      answers.push({ knownShare, agreement, unchanged: answer === full.answer, hidden });
      yield { part: 'asking', done: answers.length, total: situations.length * HIDDEN_SHARES.length };
    }
  }
  const byKnownShare = HIDDEN_SHARES.map((hidden) => {
    const asked = answers.filter((answer) => answer.hidden === hidden);
    return { knownShare: meanOf(asked.map((one) => one.knownShare)), unchanged: rightShare(asked) };
  });
  const enough = byKnownShare.filter(({ unchanged }) => unchanged >= RIGHT_MIN).map(({ knownShare }) => knownShare);
  const knownShareMin = enough.length > 0 ? short(Math.min(...enough)) : 1;
  const known = answers.filter(({ knownShare }) => knownShare >= knownShareMin);
  return { situations: situations.length, byKnownShare, knownShareMin, agreementMin: agreementMin(known) };
}

function answerTo(model: OrderModel, signals: SituationReport['signals'], topology: unknown) {
  const { best, knowledge } = model.ask(signals, { topology, now: signals.at });
  return {
    answer: best,
    knownShare: knowledge.signalsKnown / Math.max(1, knowledge.signalsExpected),
    agreement: knowledge.agreement,
  };
}

function agreementMin(answers: readonly { readonly agreement: number; readonly unchanged: boolean }[]): number {
  const levels = [0.5, 0.6, 0.7, 0.8, 0.9, 1];
  const found = levels.find((level) => rightShare(answers.filter(({ agreement }) => agreement >= level)) >= RIGHT_MIN);
  return found ?? 1;
}

/** 1 where nothing was asked. */
function rightShare(answers: readonly { readonly unchanged: boolean }[]): number {
  return answers.length > 0 ? answers.filter(({ unchanged }) => unchanged).length / answers.length : 1;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
