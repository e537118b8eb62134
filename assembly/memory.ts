/**
 * The cell of the actor's memory, a gated recurrent unit, element by element:
 *   keep = sigmoid(k + 2), reset = sigmoid(r), fresh = tanh(f + reset x c), memory = keep x before + (1 - keep) x fresh
 * where k, r and f are sums of a part of the cluster state and (k, r) one of the memory before, and c is one of the memory
 * before. The 2 makes an untrained cell forget over some ten decisions instead of one or two. All tables have the same rows,
 * a multiple of 4 floats, without gaps; `count` is the number of floats.
 */
import { tanhLanes } from './activation';
import { multiplyAdd } from './arithmetic';

const KEEPING: f32 = 2;

/** Replaces the parts of the cluster state by the gates and the fresh memory, and writes the memory after. */
export function updateMemory(
  count: i32,
  keep: usize,
  reset: usize,
  fresh: usize,
  keepRecalled: usize,
  resetRecalled: usize,
  freshRecalled: usize,
  before: usize,
  after: usize,
): void {
  const bytes = <usize>count << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const kept = f32x4.add(v128.load(keep + at), v128.load(keepRecalled + at));
    const keepGate = sigmoidLanes(f32x4.add(kept, f32x4.splat(KEEPING)));
    const resetGate = sigmoidLanes(f32x4.add(v128.load(reset + at), v128.load(resetRecalled + at)));
    const freshValue = tanhLanes(multiplyAdd(resetGate, v128.load(freshRecalled + at), v128.load(fresh + at)));
    v128.store(keep + at, keepGate);
    v128.store(reset + at, resetGate);
    v128.store(fresh + at, freshValue);
    const change = f32x4.sub(v128.load(before + at), freshValue);
    v128.store(after + at, multiplyAdd(keepGate, change, freshValue));
  }
}

/**
 * From the gradients of the memory after: those of k, r, f and c, and the part of those of the memory before that does
 * not go through them.
 */
export function updateMemoryBackward(
  count: i32,
  keep: usize,
  reset: usize,
  fresh: usize,
  freshRecalled: usize,
  before: usize,
  gradients: usize,
  keepGradients: usize,
  resetGradients: usize,
  freshGradients: usize,
  recalledGradients: usize,
  beforeGradients: usize,
): void {
  const one = f32x4.splat(1);
  const bytes = <usize>count << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const gradient = v128.load(gradients + at);
    const keepGate = v128.load(keep + at);
    const resetGate = v128.load(reset + at);
    const freshValue = v128.load(fresh + at);
    const notKept = f32x4.sub(one, keepGate);
    const ofFresh = f32x4.mul(
      f32x4.mul(gradient, notKept),
      f32x4.sub(one, f32x4.mul(freshValue, freshValue)),
    );
    const ofKeep = f32x4.mul(gradient, f32x4.sub(v128.load(before + at), freshValue));
    const ofReset = f32x4.mul(ofFresh, v128.load(freshRecalled + at));
    v128.store(keepGradients + at, f32x4.mul(ofKeep, f32x4.mul(keepGate, notKept)));
    v128.store(resetGradients + at, f32x4.mul(ofReset, f32x4.mul(resetGate, f32x4.sub(one, resetGate))));
    v128.store(freshGradients + at, ofFresh);
    v128.store(recalledGradients + at, f32x4.mul(ofFresh, resetGate));
    v128.store(beforeGradients + at, f32x4.mul(gradient, keepGate));
  }
}

function sigmoidLanes(value: v128): v128 {
  const half = f32x4.splat(0.5);
  return multiplyAdd(half, tanhLanes(f32x4.mul(half, value)), half);
}
