/** Says a choice in words, for recordings and timelines. */

import { decodeChoice, type RoleSpec, type Topology } from '../contract/index.ts';

/** For instance `service.restart on cart`; `-` for the no-op. */
export function describeChoice(choice: number, spec: RoleSpec, topology: Topology): string {
  const { verbs } = spec.action;
  const action = decodeChoice(choice, verbs.length);
  if (action === undefined) return '-';
  const verb = verbs[action.verb]?.name ?? `verb ${action.verb}`;
  const component = topology.components[action.component]?.name ?? `component ${action.component}`;
  return `${verb} on ${component}`;
}
