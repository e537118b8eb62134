/** Poisson draws: inversion for small means, Hörmann's PTRS (transformed rejection with squeeze, 1993) for large ones. */
import { exp, log } from './math.ts';

/** Source of uniform draws by stream. */
export interface UniformSource {
  uniform(stream: number): number;
}

const HALF_LOG_TWO_PI = 0.9189385332046727;
const logFactorials: Float64Array = new Float64Array(16);
for (let n = 2; n < logFactorials.length; n++) logFactorials[n] = logFactorials[n - 1]! + log(n);

// Longer than any search: below mean 16, counts from 50 on have less than the 2^-32 a uniform can tell apart.
const reciprocals: Float64Array = new Float64Array(64);
for (let n = 1; n < reciprocals.length; n++) reciprocals[n] = 1 / n;

/** The smallest count whose cumulative probability exceeds the uniform in [0, 1); for means below 16. */
export function poissonByInversion(uniform: number, mean: number): number {
  let probability = exp(-mean);
  let rest = uniform;
  let count = 0;
  while (rest >= probability && count < reciprocals.length - 1) {
    rest -= probability;
    count++;
    probability *= mean * reciprocals[count]!;
  }
  return count;
}

/** One draw for a mean from 10 on, in one or two tries of two uniforms each. */
export function poissonByRejection(source: UniformSource, stream: number, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = source.uniform(stream) - 0.5;
    const v = source.uniform(stream);
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (edge < 0.013 && v > edge)) continue;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const accepted = log((v * inverseAlpha) / (a / (edge * edge) + b));
    if (accepted <= k * log(mean) - mean - logFactorial(k)) return k;
  }
}

/** log(n!), from a table below 16 and Stirling's series above; relative error below 1e-14. */
function logFactorial(n: number): number {
  if (n < logFactorials.length) return logFactorials[n]!;
  const x = n + 1;
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + series;
}
