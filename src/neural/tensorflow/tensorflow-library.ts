/** Loads TensorFlow.js with one of its libraries for Node.js: native code where that loads, otherwise WebAssembly. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
// For the derivative rules that come with it: the core's bundle for Node.js has the tape, but registers no rules.
import '@tensorflow/tfjs-layers';
import { assert, DeeplOpsError } from '../../base/index.ts';

/** What computes under TensorFlow.js: the native library of tfjs-node, or WebAssembly on one thread. */
export type TensorflowLibrary = 'tfjs-node' | 'tfjs-wasm';

/** The names under which the libraries register themselves. */
const registeredNames: Readonly<Record<TensorflowLibrary, string>> = { 'tfjs-node': 'tensorflow', 'tfjs-wasm': 'wasm' };

/** Not a literal, so that no tool looks for a package that is optional. */
const nodePackage: string = '@tensorflow/tfjs-node';

/** The library that was chosen; where it is the second choice, why the first does not load. */
export interface ChosenLibrary {
  readonly library: TensorflowLibrary;
  readonly fallbackReason: string | undefined;
}

/** Loads the wanted library, or the faster one that loads here; BACKEND_UNAVAILABLE when there is none. */
export async function chooseTensorflow(wanted?: TensorflowLibrary): Promise<ChosenLibrary> {
  tf.enableProdMode();
  let fallbackReason: string | undefined;
  if (wanted !== 'tfjs-wasm') {
    const failure = await failureOf('tfjs-node');
    if (failure === undefined) return { library: 'tfjs-node', fallbackReason };
    if (wanted === 'tfjs-node') throw unavailable(wanted, failure);
    fallbackReason = `tfjs-node does not load: ${reasonOf(failure)}`;
  }
  const failure = await failureOf('tfjs-wasm');
  if (failure !== undefined) throw unavailable('tfjs-wasm', failure);
  return { library: 'tfjs-wasm', fallbackReason };
}

/** Has the next operations computed by a library that has been loaded. */
export function activate(library: TensorflowLibrary): void {
  const name = registeredNames[library];
  if (tf.getBackend() === name) return;
  // Its promise is for libraries that are still to be started; this one was, and the change is made at once.
  void tf.setBackend(name);
  assert(tf.getBackend() === name, `${library} has been loaded`);
}

/** Starts a library and tries it; what went wrong, or undefined. */
async function failureOf(library: TensorflowLibrary): Promise<unknown> {
  try {
    if (library === 'tfjs-node') await import(nodePackage);
    if (!(await tf.setBackend(registeredNames[library]))) return new Error('it does not start');
    return computesRightly() ? undefined : new Error('it computes wrongly');
  } catch (error) {
    return error ?? new Error('it does not start');
  }
}

/** Some versions load on every Node.js and fail at the first operation. */
function computesRightly(): boolean {
  const input = [[1, 2]];
  const output = (weights: tf.Tensor): tf.Scalar => tf.sum(tf.tanh(tf.matMul(tf.tensor2d(input), weights)));
  const gradient = tf.tidy(() => [
    ...tf
      .grad(output)(tf.tensor2d([[0.5], [-0.25]]))
      .dataSync(),
  ]);
  return gradient[0] === 1 && gradient[1] === 2;
}

function unavailable(library: TensorflowLibrary, cause: unknown): DeeplOpsError {
  const message = `${library} does not load: ${reasonOf(cause)}`;
  const advice = {
    'tfjs-node': 'Install it with `npm install --no-save @tensorflow/tfjs-node`, or begin a run of its own without it.',
    'tfjs-wasm': 'Run `npm install` again, or take --backend simd.',
  };
  return new DeeplOpsError('BACKEND_UNAVAILABLE', message, { hint: advice[library], cause });
}

function reasonOf(error: unknown): string {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  if (missing && error.message.includes(`'${nodePackage}'`)) return 'it is not installed';
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join('');
}
