/** Refuses networks with parts that only the SIMD backend computes. */
import { DeeplOpsError } from '../base/index.ts';
import type { NetworkShape } from './backend.ts';

/** BACKEND_UNSUPPORTED where the shape has such parts; `user` is what cannot compute them, for the message. */
export function requirePlainShape(shape: NetworkShape, user: string): void {
  if (shape.messages !== true) return;
  throw new DeeplOpsError('BACKEND_UNSUPPORTED', `${user} cannot compute messages between neighbours`);
}
