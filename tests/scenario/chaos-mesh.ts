/** Short ways to write Chaos Mesh objects in tests, and what they become on the shop. */
import { expect } from 'vitest';
import type { ScriptedFault } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';
import { importedFaults } from './experiments.ts';

/** An object of Chaos Mesh. */
export function object(kind: string, spec: string, name = 'x'): string {
  return `apiVersion: chaos-mesh.org/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}`;
}

/** Selects cart. */
export const CART: string = 'selector: { labelSelectors: { app: cart } }';

/** What these documents become. */
export function mesh(...documents: string[]): ReturnType<typeof importedFaults> {
  return importedFaults('chaos-mesh', [documents.join('\n---\n')]);
}

/** The only fault of an experiment on cart with these further fields. */
export function only(kind: string, spec: string, selector: string = CART): ScriptedFault | undefined {
  const { script } = mesh(object(kind, `{ mode: all, ${selector}, duration: 30s, ${spec} }`));
  expect(script).toHaveLength(1);
  return script[0];
}

/** Why there is none. */
export function reason(kind: string, spec: string): string {
  const error = errorOf(() => mesh(object(kind, spec)));
  expect(error.code).toBe('MANIFEST_NO_FAULT');
  return error.hint;
}
