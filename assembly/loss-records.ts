/** Records through which the caller hands samples and settings to the losses; src/neural/loss-records.ts writes them. */

/** What the learner knows about one sample. */
@unmanaged
export class Target {
  choice: i32;
  oldLogProbability: f32;
  advantage: f32;
  weight: f32;
  returns: f32;
  oldValue: f32;
}

@unmanaged
export class LossSettings {
  clipRange: f32;
  /** Infinity: values are not clipped. */
  valueClipRange: f32;
  entropyWeight: f32;
  valueWeight: f32;
  referenceWeight: f32;
  imitationWeight: f32;
  /** 1 / divisor of the sums: gradients come out as those of a mean. */
  scale: f32;
}

/** Sums over samples, in double precision; the caller sets them to zero. */
@unmanaged
export class LossSums {
  policyLoss: f64;
  valueLoss: f64;
  entropy: f64;
  approximateKl: f64;
  clippedCount: f64;
  referenceLoss: f64;
  imitationLoss: f64;
}
