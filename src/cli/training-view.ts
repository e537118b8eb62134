/** What a terminal shows of a training run: how far it is, how both sides fare, and whether learning is sound. */
import type { BestAgent, EvaluationReport, Score, TrainingProgress } from '../learn/index.ts';

/** Weight of what was shown before against one more iteration, whose few episodes would make numbers jump. */
const SMOOTHING = 0.7;

/** How a role fares while it learns. */
interface RoleView {
  success: number | undefined;
  /** By kind of opponent. */
  readonly against: Map<string, number>;
}

/** Takes in progress and lays it out as lines. */
export class TrainingView {
  readonly #label: string;
  readonly #memoryMib: () => number;
  readonly #roles: Map<string, RoleView> = new Map();
  #progress: TrainingProgress | undefined;
  #evaluation: { readonly iteration: number; readonly report: EvaluationReport } | undefined;

  constructor(label: string, memoryMib: () => number) {
    this.#label = label;
    this.#memoryMib = memoryMib;
  }

  take(progress: TrainingProgress): void {
    const { report, evaluation } = progress;
    this.#progress = progress;
    if (evaluation !== undefined) this.#evaluation = { iteration: report.iteration, report: evaluation };
    const { successRate, successByOpponent } = report.episodes;
    const role = this.#roles.get(report.learner) ?? { success: undefined, against: new Map<string, number>() };
    this.#roles.set(report.learner, role);
    role.success = smoothed(role.success, successRate);
    for (const [name, rate] of Object.entries(successByOpponent)) {
      role.against.set(name, smoothed(role.against.get(name), rate) ?? rate);
    }
  }

  lines(columns: number): string[] {
    if (this.#progress === undefined) return [];
    return [
      ...this.#headLines(this.#progress, columns),
      '',
      ...this.#successLines(),
      ...this.#evaluationLines(),
      learnerLine(this.#progress),
    ];
  }

  #headLines({ report, ...progress }: TrainingProgress, columns: number): string[] {
    const share = Math.min(1, report.steps / report.stepsTotal);
    const width = Math.max(10, Math.min(30, columns - 50));
    const filled = Math.floor(share * width);
    const bar = '█'.repeat(filled).padEnd(width, '░');
    const left = share < 1 ? `, about ${duration(progress.remainingSeconds)} left` : '';
    const time = `${duration(progress.elapsedSeconds)} so far${left}`;
    const roles = Math.max(1, Object.keys(report.successRates).length || this.#roles.size);
    const speed = [
      `${grouped(progress.decisionsPerSecond / roles)} steps/s`,
      `${grouped(progress.decisionsPerSecond)} decisions/s`,
      `${grouped(this.#memoryMib())} MiB`,
    ];
    return [
      `${this.#label} ${bar} ${Math.floor(share * 100)} %  ${time}`,
      `iteration ${report.iteration}, turn ${report.turn}, ${report.learner} learns   ${speed.join('   ')}`,
    ];
  }

  #successLines(): string[] {
    const rows = [...this.#roles].map(([role, { success, against }]) => {
      const opponents = [...against].map(([name, rate]) => `${name} ${percent(rate)}`);
      return `  ${role.padEnd(10)}${percent(success).padStart(6)}   ${opponents.join(', ')}`;
    });
    return ['succeeds in    all   against', ...rows];
  }

  #evaluationLines(): string[] {
    if (this.#evaluation === undefined) return [];
    const { iteration, report } = this.#evaluation;
    const rows = Object.entries(report).map(([role, { score, best }]) => {
      return `  ${role.padEnd(10)} ${scoreText(score).padEnd(20)} ${bestText(best)}`;
    });
    return [`evaluated    ${`at iteration ${iteration}`.padEnd(20)} best so far`, ...rows];
  }
}

function learnerLine({ report: { update, learner } }: TrainingProgress): string {
  const parts = [
    `entropy ${rounded(update.entropy)}`,
    `KL ${rounded(update.approximateKl)}`,
    `clipped ${percent(update.clipFraction)}`,
    `explained variance ${rounded(update.explainedVariance)}`,
  ];
  return `${learner}'s update   ${parts.join('   ')}`;
}

/** `41 % (32-51)`: a share with its interval. */
export function scoreText({ value, low, high }: Score): string {
  return `${percent(value)} (${Math.round(100 * low)}-${Math.round(100 * high)})`;
}

function bestText({ score, iteration }: BestAgent): string {
  return `${scoreText(score)} at iteration ${iteration}`;
}

function smoothed(before: number | undefined, now: number | undefined): number | undefined {
  if (before === undefined || now === undefined) return now ?? before;
  return SMOOTHING * before + (1 - SMOOTHING) * now;
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${Math.round(100 * share)} %`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `45 s`, `2 min 10 s`, `3 h 05 min`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (part: number): string => String(part).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
