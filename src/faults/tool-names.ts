/** The chaos tools that faults are compared with, and how a fault says by which names they know it. */

/** Tools, as keys of `FaultKind.knownAs`, with the names they go by. */
export const chaosTools = {
  chaosMesh: 'Chaos Mesh',
  litmus: 'LitmusChaos',
  chaosBlade: 'ChaosBlade',
  toxiproxy: 'Toxiproxy',
  awsFis: 'AWS FIS',
  gremlin: 'Gremlin',
} as const;

export type ChaosTool = keyof typeof chaosTools;

/** All of them, in the order of their columns. */
export const chaosToolKeys: readonly ChaosTool[] = Object.keys(chaosTools) as ChaosTool[];

/** What each tool calls a fault, in the tool's own words; a tool that is not here has none like it. */
export type KnownAs = Readonly<Partial<Record<ChaosTool, readonly string[]>>>;
