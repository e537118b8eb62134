/** Numeric backends by name. TensorFlow.js is loaded when its backend is prepared, and never otherwise. */
import { DeeplOpsError } from '../base/index.ts';
import type { Backend, NetworkShape } from './backend.ts';
import { type PlainLearner, PlainNetwork, type PlainShape } from './plain-network.ts';
import { type BackendOptions, createSimdBackend } from './simd-backend.ts';
import type { TensorflowLibrary } from './tensorflow/index.ts';

/** The names that users know. */
export const backendNames = ['simd', 'tfjs'] as const;
export type BackendName = (typeof backendNames)[number];

/** What computes: our kernels, or a library of TensorFlow.js. Results of different ones differ by rounding. */
export type BackendLibrary = 'simd' | TensorflowLibrary;

/** Makes networks of one backend on this thread. */
export interface PreparedBackend {
  readonly name: BackendName;
  readonly library: BackendLibrary;
  /** Why a faster library is not used; undefined where the fastest one is. */
  readonly fallbackReason: string | undefined;
  create(shape: NetworkShape, options: BackendOptions): Backend;
  createPlain(shape: PlainShape): PlainLearner;
}

/** The default backend, which needs no preparation. */
export const simdBackend: PreparedBackend = {
  name: 'simd',
  library: 'simd',
  fallbackReason: undefined,
  create: createSimdBackend,
  createPlain: (shape) => new PlainNetwork(shape),
};

/**
 * Gets a backend ready; everything after it is synchronous. A library that is given is taken or refused
 * (BACKEND_UNAVAILABLE), otherwise the fastest that loads here is.
 */
export async function prepareBackend(name: BackendName, library?: BackendLibrary): Promise<PreparedBackend> {
  if (name === 'simd') return simdBackend;
  const { chooseTensorflow, TensorflowBackend, TensorflowPlainNetwork } = await loadTensorflow();
  const chosen = await chooseTensorflow(library === 'simd' ? undefined : library);
  return {
    name,
    ...chosen,
    create: (shape, options) => new TensorflowBackend(shape, { ...options, library: chosen.library }),
    createPlain: (shape) => new TensorflowPlainNetwork(shape, chosen.library),
  };
}

/** The only place that imports what imports TensorFlow.js. */
async function loadTensorflow(): Promise<typeof import('./tensorflow/index.ts')> {
  try {
    return await import('./tensorflow/index.ts');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Run `npm install` again, or take --backend simd.';
    throw new DeeplOpsError('BACKEND_UNAVAILABLE', `TensorFlow.js does not load: ${reason}`, { hint, cause });
  }
}
