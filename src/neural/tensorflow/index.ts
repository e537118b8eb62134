/** What the rest of neural/ may load of TensorFlow.js, with `await import` only: whoever imports this file imports it all. */
export { TensorflowBackend } from './tensorflow-backend.ts';
export { chooseTensorflow, type TensorflowLibrary } from './tensorflow-library.ts';
export { TensorflowPlainNetwork } from './tensorflow-plain-network.ts';
