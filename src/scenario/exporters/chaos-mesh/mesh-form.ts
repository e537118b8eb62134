/** What says a fault as a Chaos Mesh experiment. */
import type { Scenario } from '../../scenario.ts';
import type { ExportedFault } from '../exported-fault.ts';

/** How the real cluster names what the scenario names. */
export interface MeshNames {
  readonly namespace: string;
  /** Label whose value is the service's name. */
  readonly label: string;
  /** Port on which services take requests. */
  readonly port: number;
  /** Where stores mount their volumes. */
  readonly volumePath: string;
}

/** Names as most clusters have them. */
export const USUAL_NAMES: MeshNames = { namespace: 'default', label: 'app', port: 80, volumePath: '/data' };

/** What a form may look at. */
export interface MeshContext {
  readonly scenario: Scenario;
  readonly names: MeshNames;
}

/** An experiment without its duration. */
export interface MeshExperiment {
  /** For instance `NetworkChaos`. */
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Again and again: the schedule. */
  readonly every?: string;
  /** It is done at once. */
  readonly isOnce?: boolean;
  /** In which way it is not quite the fault. */
  readonly losses?: readonly string[];
}

/** The experiments that together are a fault; text = why there is none. */
export type MeshForm = (fault: ExportedFault, context: MeshContext) => readonly MeshExperiment[] | string;

/** No counterpart, for this reason. */
export function without(reason: string): MeshForm {
  return () => reason;
}
