/** Softmax over the legal choices of one sample, kept as shifted logits and weights whose sum it returns. */
import { sumLanes } from './arithmetic';
import { exponentialLanes } from './exponential';

/** Stands behind the last value up to a multiple of 4: its weight is about 1e-38, nothing next to the largest, 1. */
const PADDING: f32 = -1e8;

/** Collects `count` floats of `source` at the positions `indices` (i32) into `target`. */
export function gatherFloats(count: i32, indices: usize, source: usize, target: usize): void {
  for (let index: i32 = 0; index < count; index++) {
    store<f32>(target, load<f32>(source + (<usize>load<i32>(indices) << 2)));
    indices += 4;
    target += 4;
  }
  for (let index: i32 = 0; index < 3; index++) {
    store<f32>(target, PADDING);
    target += 4;
  }
}

/** The way back of gatherFloats: target[indices[i]] = source[i]. */
export function scatterFloats(count: i32, indices: usize, source: usize, target: usize): void {
  for (let index: i32 = 0; index < count; index++) {
    store<f32>(target + (<usize>load<i32>(indices) << 2), load<f32>(source));
    indices += 4;
    source += 4;
  }
}

/**
 * Subtracts the largest of the `count` logits from all of them and writes their exponentials to `weights`. Returns the
 * sum of the weights. Both buffers have room for a multiple of 4.
 */
export function softmaxWeights(count: i32, logits: usize, weights: usize): f32 {
  const end = logits + (<usize>count << 2);
  let maximum = v128.load(logits);
  for (let at = logits; at < end; at += 16) maximum = f32x4.pmax(maximum, v128.load(at));
  const shift = f32x4.splat(maxLane(maximum));
  let sum = f32x4.splat(0);
  for (let at = logits; at < end; at += 16) {
    const shifted = f32x4.sub(v128.load(at), shift);
    const weight = exponentialLanes(shifted);
    v128.store(at, shifted);
    v128.store(weights, weight);
    sum = f32x4.add(sum, weight);
    weights += 16;
  }
  return sumLanes(sum);
}

/** The sum of products of two runs of `count` floats, rounded up to a multiple of 4. */
export function innerProduct(count: i32, left: usize, right: usize): f32 {
  const end = left + (<usize>count << 2);
  let sum = f32x4.splat(0);
  for (; left < end; left += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(left), v128.load(right)));
    right += 16;
  }
  return sumLanes(sum);
}

function maxLane(value: v128): f32 {
  const first = max(f32x4.extract_lane(value, 0), f32x4.extract_lane(value, 1));
  return max(first, max(f32x4.extract_lane(value, 2), f32x4.extract_lane(value, 3)));
}
