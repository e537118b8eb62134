/** What a cold start leaves in `cold-start/` of a run's folder: its metrics, and the agents as they were after it. */

import { join } from 'node:path';
import { writeAgent } from '../../model/index.ts';
import type { NeuralAgent } from '../../policies/index.ts';
import type { MetricRow } from '../metrics.ts';
import { MetricsFile } from '../metrics-file.ts';

/** The folder, begun anew. */
export class ColdStartFolder {
  readonly #path: string;
  readonly #metrics: MetricsFile;

  constructor(runPath: string) {
    this.#path = join(runPath, 'cold-start');
    this.#metrics = new MetricsFile(this.#path, 0);
  }

  appendMetrics(row: MetricRow): void {
    this.#metrics.append(row);
  }

  writeAgent(agent: NeuralAgent, training: Readonly<Record<string, unknown>>): void {
    writeAgent(join(this.#path, 'agents', agent.role), agent, { training });
  }
}
