/** What an archive of failure scripts must know of a task: who breaks, on which scenarios, and when. */

/** A scenario as far as failure scripts go. */
export interface FailureScenario {
  readonly name: string;
  /** When the breaking role decides, in order: the step of the episode, and the seconds since it began. */
  readonly moments: readonly { readonly step: number; readonly seconds: number }[];
}

/** Where failure scripts can be kept and played. */
export interface FailureSpace {
  /** The role that breaks; it plays the scripts, and the other one learns from them. */
  readonly role: string;
  /** Environment i of `createEnvironment({ first: 0, size: scenarios.length })` plays scenario i. */
  readonly scenarios: readonly FailureScenario[];
  /** The scenario that an environment of the run plays. */
  scenarioOf(environment: number): number;
  /**
   * Share of the loss that good repair would have avoided in an episode that ended with this summary while the breaking
   * role learned; undefined where nobody looked.
   */
  avoidable(scenario: number, summary: Readonly<Record<string, number>>): number | undefined;
}
