/** An exported order model at work: failure information in, ranked repairs with their reasons out, or an abstention. */

import { decodeChoice, NO_OP, type RoleSpec } from '../contract/index.ts';
import { familiarityOf, reasonsToAbstain } from './abstention.ts';
import type { UnboundAlert } from './alert-document.ts';
import type { Decision, FiredRule, Knowledge, RankedRepair } from './decision.ts';
import type { EntityNetwork } from './entity-network.ts';
import type { FamiliarSituations } from './familiar-situations.ts';
import { conditionWords } from './feature-forms.ts';
import { type Clock, type DecideOptions, type Incident, readIncident } from './incident.ts';
import { gatherSituation, type KnownSituation } from './known-situation.ts';
import { answersSign, legalChoices } from './legal-choices.ts';
import { type ComponentView, ObservationEncoder } from './observation-encoder.ts';
import { type Deciders, gatherOpinions, type Opinions } from './opinions.ts';
import type { AbstentionLimits, OrderModelCard } from './order-model-card.ts';
import { favoursNone, likeliestRepairs, repairsForAlert } from './ranking.ts';
import { type Firing, RuleEngine } from './rule-engine.ts';
import { CLUSTER_PREFIX, type RuleSet } from './rule-set.ts';
import { tellingSignals } from './telling-signals.ts';

/** What a model is made of. */
export interface OrderModelParts {
  readonly card: OrderModelCard;
  readonly limits: AbstentionLimits;
  readonly network: EntityNetwork;
  readonly rules: RuleSet;
  readonly familiar: FamiliarSituations;
  /** Tells the present where no moment is given. */
  readonly clock?: Clock | undefined;
}

/** Repairs that are told with the signals that matter. */
const EXPLAINED_MAX = 3;

/** Everything gathered for one answer. */
interface Hearing {
  readonly incident: Incident;
  readonly situation: KnownSituation;
  readonly deciders: Deciders;
  readonly opinions: Opinions;
}

/** Decides; remembers nothing between decisions. */
export class OrderModel {
  readonly card: OrderModelCard;
  readonly #parts: OrderModelParts;

  constructor(parts: OrderModelParts) {
    this.card = parts.card;
    this.#parts = parts;
  }

  /**
   * The answer to a signals document or to an Alertmanager webhook. Throws SIGNALS_INVALID or TOPOLOGY_INVALID with the
   * place of the first mistake.
   */
  decide(observation: unknown, options: DecideOptions = {}): Decision {
    const { card, limits, familiar } = this.#parts;
    const hearing = this.#hear(observation, options);
    const { incident, situation, opinions } = hearing;
    const { map, document, alerts, unbound } = incident;
    const knowledge = knowledgeOf(hearing);
    const familiarity = familiarityOf(situation, { map, familiar, spec: card });
    const alarmed = alerts.length > 0;
    const grounds = {
      knowledge,
      familiarity,
      alarmed,
      documented: document !== undefined,
      unbound: unbound.map(unboundWords),
    };
    const reasons = reasonsToAbstain(grounds, limits);
    const abstains = reasons.length > 0;
    return {
      model: card.name,
      at: incident.now,
      abstains,
      reasons,
      tentative: alarmed && knowledge.signalsKnown < limits.knownShareMin * knowledge.signalsExpected,
      advice: abstains ? null : adviceOf(opinions),
      waitProbability: opinions.probabilities[NO_OP] ?? 0,
      repairs: abstains ? [] : this.#rank(hearing),
      rules: abstains ? [] : opinions.firings.map((fired) => this.#told(fired, hearing)),
      knowledge,
      familiarity,
      notes: notesOf(hearing),
    };
  }

  /** The likeliest choice and what it rests on, whether or not the model would rather abstain. */
  ask(observation: unknown, options: DecideOptions = {}): { readonly best: number; readonly knowledge: Knowledge } {
    const hearing = this.#hear(observation, options);
    return { best: hearing.opinions.best, knowledge: knowledgeOf(hearing) };
  }

  #hear(observation: unknown, options: DecideOptions): Hearing {
    const { card, limits, clock } = this.#parts;
    const incident = readIncident(observation, options, { spec: card, clock });
    const situation = gatherSituation({ ...incident, spec: card, ageSecondsMax: limits.ageSecondsMax });
    const deciders = this.#deciders(incident);
    const opinions = gatherOpinions(situation, deciders);
    return { incident, situation, deciders, opinions };
  }

  #deciders(incident: Incident): Deciders {
    const { map } = incident;
    const { card, network, rules, familiar } = this.#parts;
    const spec: RoleSpec = { observation: { ...card.observation, criticFeatures: [] }, action: card.action };
    return {
      encoder: new ObservationEncoder(card.observation, map),
      engine: new RuleEngine(rules, spec, map.topology),
      network,
      familiar,
      clusterFeatures: card.observation.clusterFeatures.map(({ name }) => name),
      kindOf: (component) => map.facts[component]?.kind ?? '',
      maskOf: (views) => maskOf(incident, views, card),
    };
  }

  #rank(hearing: Hearing): RankedRepair[] {
    const { incident, opinions } = hearing;
    const choices = isAlertAlone(incident)
      ? repairsForAlert(opinions, (choice) => this.#answersSign(choice, hearing))
      : likeliestRepairs(opinions.probabilities);
    return choices.flatMap((choice, rank) => this.#repair(choice, rank, hearing));
  }

  #answersSign(choice: number, { incident: { map }, situation: { views } }: Hearing): boolean {
    const { verbs } = this.card.action;
    const action = decodeChoice(choice, verbs.length);
    const verb = action === undefined ? undefined : verbs[action.verb];
    return action !== undefined && verb !== undefined && answersSign(verb, { ...action, map, views });
  }

  #repair(choice: number, rank: number, hearing: Hearing): RankedRepair[] {
    const { verbs } = this.card.action;
    const action = decodeChoice(choice, verbs.length);
    const verb = action === undefined ? undefined : verbs[action.verb];
    if (action === undefined || verb === undefined) return [];
    const { incident, situation, deciders, opinions } = hearing;
    const known = situation.views[action.component];
    const isExplained = rank < EXPLAINED_MAX && known !== undefined;
    const fired = opinions.firings.find(({ firing }) => firing.choice === choice);
    return [
      {
        verb: verb.name,
        component: incident.map.topology.components[action.component]?.name ?? '',
        meaning: verb.meaning,
        probability: opinions.probabilities[choice] ?? 0,
        offered: opinions.legalShares[choice] ?? 0,
        rule: fired === undefined ? null : this.#told(fired, hearing),
        signals: isExplained
          ? tellingSignals({ choice, component: action.component, known }, opinions, { deciders, spec: this.card })
          : [],
      },
    ];
  }

  #told({ firing, share }: { readonly firing: Firing; readonly share: number }, { incident }: Hearing): FiredRule {
    const { componentFeatures, clusterFeatures } = this.card.observation;
    const features = [
      ...componentFeatures,
      ...clusterFeatures.map((feature) => ({ ...feature, name: CLUSTER_PREFIX + feature.name })),
    ];
    const unitOf = (name: string): string => features.find((feature) => feature.name === name)?.unit ?? '';
    const { rule, component } = firing;
    return {
      id: rule.id,
      component: incident.map.topology.components[component]?.name ?? '',
      does: rule.do,
      because: rule.when.map((condition) => conditionWords(condition, unitOf)),
      precision: rule.precision,
      share,
    };
  }
}

function isAlertAlone({ alerts, document }: Incident): boolean {
  return document === undefined && alerts.length > 0;
}

/** What is legal; where alerts are all there is, only on the components they name. */
function maskOf(incident: Incident, views: readonly ComponentView[], card: OrderModelCard): Uint8Array {
  const { map, alerts } = incident;
  const mask = legalChoices(card.action, map, views);
  if (!isAlertAlone(incident)) return mask;
  const named = new Set(alerts.map(({ component }) => component));
  mask.forEach((_, choice) => {
    const action = decodeChoice(choice, card.action.verbs.length);
    if (action !== undefined && !named.has(action.component)) mask[choice] = 0;
  });
  return mask;
}

/** Whichever is likelier: the best repair, or none. */
function adviceOf({ best }: Opinions): 'repair' | 'wait' {
  return best === NO_OP ? 'wait' : 'repair';
}

function knowledgeOf({ incident, situation, opinions }: Hearing): Knowledge {
  const { signalsExpected, signalsKnown, componentsSeen, ageSeconds } = situation;
  return {
    components: situation.views.length,
    componentsSeen,
    signalsExpected,
    signalsKnown,
    alerts: incident.alerts.length,
    unboundAlerts: incident.unbound.map(({ alert }) => alert.labels.alertname ?? ''),
    ageSeconds: ageSeconds ?? incident.alertAgeSeconds ?? null,
    fillings: opinions.fillings,
    agreement: opinions.agreement,
  };
}

function unboundWords({ alert, why }: UnboundAlert): string {
  return `alert ${alert.labels.alertname ?? ''} fires on no component of the map: ${why}`;
}

function notesOf({ incident, situation, opinions }: Hearing): string[] {
  const notes: string[] = [];
  if (opinions.fillings > 1) {
    const { signalsKnown, signalsExpected } = situation;
    notes.push(
      `${signalsKnown} of ${signalsExpected} signals are known; the rest was filled in ${opinions.fillings} ways with what situations of training looked like`,
    );
  }
  for (const { alert, component } of incident.alerts) {
    const name = incident.map.topology.components[component]?.name ?? '';
    notes.push(`alert ${alert.labels.alertname ?? ''} fires on ${name} since ${alert.startsAt}`);
  }
  notes.push(...incident.unbound.map((each) => `${unboundWords(each)}; it counts for nothing`));
  if (isAlertAlone(incident) && favoursNone(opinions.probabilities)) {
    notes.push('the network favours none of these repairs: those that answer what the alert tells come first');
  }
  if (incident.document === undefined && incident.alerts.length + incident.unbound.length === 0) {
    notes.push('no alert fires, and nothing else is known');
  }
  return notes;
}
