/** Every action of a Chaos Toolkit driver that the importer knows; a new driver is a file and a line here. */
import type { DriverAction } from './driver-action.ts';
import { chaosMeshActions } from './drivers/chaos-mesh.ts';
import { istioActions } from './drivers/istio.ts';
import { kubernetesActions } from './drivers/kubernetes.ts';
import { simulatorActions } from './drivers/simulator.ts';
import { toxiproxyActions } from './drivers/toxiproxy.ts';

/** In the order of the documentation. */
export const driverActions: readonly DriverAction[] = [
  ...kubernetesActions,
  ...chaosMeshActions,
  ...toxiproxyActions,
  ...istioActions,
  ...simulatorActions,
];

/** What each action becomes, as a Markdown table. */
export function chaosToolkitMarkdown(): string {
  const rows = driverActions.map(({ module, func, becomes }) => `| \`${module}\` | \`${func}\` | ${becomes} |`);
  return ['| module | action | fault |', '| --- | --- | --- |', ...rows].join('\n');
}
