/** The Adam optimizer on flat vectors, and clipping by global norm. */
import { assert, sqrt } from '../base/index.ts';

/** Decay rates of the two running means, and what keeps the division finite. */
export interface AdamSettings {
  readonly beta1?: number;
  readonly beta2?: number;
  /** 1e-5 as in every PPO implementation of note, not the 1e-8 of other uses. */
  readonly epsilon?: number;
}

/** All of the optimizer's memory, for a checkpoint. */
export interface AdamState {
  readonly steps: number;
  readonly means: Float32Array;
  readonly squares: Float32Array;
}

/** Adam with bias correction (Kingma and Ba). */
export class Adam {
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private readonly means: Float32Array;
  private readonly squares: Float32Array;
  private steps = 0;
  private decay1 = 1;
  private decay2 = 1;

  constructor(parameterCount: number, settings: AdamSettings = {}) {
    this.beta1 = settings.beta1 ?? 0.9;
    this.beta2 = settings.beta2 ?? 0.999;
    this.epsilon = settings.epsilon ?? 1e-5;
    this.means = new Float32Array(parameterCount);
    this.squares = new Float32Array(parameterCount);
  }

  /** Moves the weights against the gradients, in place. */
  step(weights: Float32Array, gradients: Float32Array, learningRate: number): void {
    const { beta1, beta2, epsilon, means, squares } = this;
    assert(weights.length === means.length && gradients.length === means.length, 'Adam keeps its number of parameters');
    this.steps++;
    this.decay1 *= beta1;
    this.decay2 *= beta2;
    const stepSize = learningRate / (1 - this.decay1);
    const squareScale = 1 / (1 - this.decay2);
    for (let index = 0; index < weights.length; index++) {
      const gradient = gradients[index]!;
      const mean = beta1 * means[index]! + (1 - beta1) * gradient;
      const square = beta2 * squares[index]! + (1 - beta2) * gradient * gradient;
      means[index] = mean;
      squares[index] = square;
      weights[index]! -= (stepSize * mean) / (sqrt(square * squareScale) + epsilon);
    }
  }

  /** A copy of the state. */
  save(): AdamState {
    return { steps: this.steps, means: this.means.slice(), squares: this.squares.slice() };
  }

  /** Continues from a saved state of the same number of parameters, to the same bits. */
  load(state: AdamState): void {
    assert(state.means.length === this.means.length, 'Adam keeps its number of parameters');
    this.means.set(state.means);
    this.squares.set(state.squares);
    this.steps = state.steps;
    this.decay1 = 1;
    this.decay2 = 1;
    for (let step = 0; step < state.steps; step++) {
      this.decay1 *= this.beta1;
      this.decay2 *= this.beta2;
    }
  }
}

/** Shortens the gradients in place to Euclidean length `lengthMax` if they are longer; returns the length before. */
export function clipGlobalNorm(gradients: Float32Array, lengthMax: number): number {
  let sum = 0;
  for (let index = 0; index < gradients.length; index++) sum += gradients[index]! * gradients[index]!;
  const length = sqrt(sum);
  if (length > lengthMax) {
    const factor = lengthMax / length;
    for (let index = 0; index < gradients.length; index++) gradients[index]! *= factor;
  }
  return length;
}
