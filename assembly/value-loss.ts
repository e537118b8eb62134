/** Squared error of the critic, optionally clipped around the value it gave when the sample was taken. */
import { LossSettings, LossSums, Target } from './loss-records';

/** Values and their gradients are the first of every `stride` bytes. */
export function valueLoss(
  samples: i32,
  values: usize,
  gradients: usize,
  stride: usize,
  targets: usize,
  settings: usize,
  sums: usize,
): void {
  for (let sample: i32 = 0; sample < samples; sample++) {
    const gradient = sampleValueLoss(
      load<f32>(values),
      changetype<Target>(targets),
      changetype<LossSettings>(settings),
      changetype<LossSums>(sums),
    );
    store<f32>(gradients, gradient);
    values += stride;
    gradients += stride;
    targets += offsetof<Target>();
  }
}

/** Adds the loss and returns its gradient; the larger of the plain and the clipped error counts. */
function sampleValueLoss(value: f32, target: Target, settings: LossSettings, sums: LossSums): f32 {
  const range = settings.valueClipRange;
  const error = value - target.returns;
  const change = value - target.oldValue;
  const clippedError = target.oldValue + min(max(change, -range), range) - target.returns;
  // Within the range both errors are equal but for rounding, and the plain one carries the gradient.
  const clipped = abs(change) > range && clippedError * clippedError > error * error;
  const loss = clipped ? clippedError * clippedError : error * error;
  sums.valueLoss += <f64>(target.weight * loss);
  return clipped ? 0 : 2 * error * settings.valueWeight * settings.scale * target.weight;
}
