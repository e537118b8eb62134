/** Finds the signals that matter for a repair: by how much its odds change were the signal as usual. */

import { NO_OP } from '../contract/index.ts';
import type { TellingSignal } from './decision.ts';
import { readingWords } from './feature-forms.ts';
import type { ComponentView } from './observation-encoder.ts';
import { type Deciders, encode, type Opinions } from './opinions.ts';
import type { ModelSpec } from './order-model-card.ts';

const SIGNALS_MAX = 4;
/** Log odds from which a signal is worth telling. */
const EFFECT_MIN = 0.1;

/** The known signals of the component that move the log odds of `choice` against doing nothing most. */
export function tellingSignals(
  { choice, component, known }: { readonly choice: number; readonly component: number; readonly known: ComponentView },
  { example }: Pick<Opinions, 'example'>,
  { deciders, spec }: { readonly deciders: Deciders; readonly spec: ModelSpec },
): TellingSignal[] {
  // The odds of a choice do not depend on what else is legal.
  const mask = deciders.maskOf(example.views);
  mask[choice] = 1;
  const odds = (views: readonly ComponentView[]): number => {
    const logits = deciders.network.logits(encode({ ...example, views }, mask, deciders));
    return (logits[choice] ?? 0) - (logits[NO_OP] ?? 0);
  };
  const kind = deciders.familiar.kinds[deciders.kindOf(component)];
  const now = odds(example.views);
  const found = [...known.signals].map(([signal, value]): TellingSignal => {
    const usual = kind?.usual[kind.features.indexOf(`signal.${signal}`)] ?? 0;
    const calm = example.views.map((view, id) => (id === component ? withSignal(view, signal, usual) : view));
    return { signal, words: valueWords(`signal.${signal}`, value, spec), effect: now - odds(calm) };
  });
  return found
    .filter(({ effect }) => Math.abs(effect) >= EFFECT_MIN)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, SIGNALS_MAX);
}

function valueWords(name: string, value: number, { observation }: ModelSpec): string {
  return readingWords(
    { name, unit: observation.componentFeatures.find((each) => each.name === name)?.unit ?? '' },
    value,
  );
}

function withSignal(view: ComponentView, signal: string, value: number): ComponentView {
  const changes = new Map(view.changes);
  if (changes.has(signal)) changes.set(signal, 0);
  return { ...view, signals: new Map(view.signals).set(signal, value), changes };
}
