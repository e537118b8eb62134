/** The backends that the tests of neural/ hold against the definitions: every one that loads on this machine. */
import { type PreparedBackend, prepareBackend, simdBackend } from '../../src/neural/index.ts';

/** The native library of TensorFlow.js, where it is installed and loads. @public */
export const nativeTensorflow: PreparedBackend | undefined = await prepareBackend('tfjs', 'tfjs-node').catch(
  () => undefined,
);

/** TensorFlow.js on WebAssembly, which loads everywhere. @public */
export const wasmTensorflow: PreparedBackend = await prepareBackend('tfjs', 'tfjs-wasm');

/** Our own first. */
export const everyBackend: readonly PreparedBackend[] = [
  simdBackend,
  wasmTensorflow,
  ...(nativeTensorflow === undefined ? [] : [nativeTensorflow]),
];
