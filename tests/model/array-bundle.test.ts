/** The binary container of weights and checkpoints. */
import { describe, expect, test } from 'vitest';
import { BundleError, type BundleFault, bundleHash, decodeBundle, encodeBundle } from '../../src/model/index.ts';

const bundle = {
  header: { name: 'größe', values: [1, 2.5] },
  arrays: {
    floats: Float32Array.of(1.5, -2, Number.NaN),
    doubles: Float64Array.of(Math.PI),
    integers: Int32Array.of(-7, 8, 9),
    bytes: Uint8Array.of(1, 2, 3, 4, 5),
    none: new Float32Array(0),
  },
};

function faultOf(bytes: Uint8Array): BundleFault | undefined {
  try {
    decodeBundle(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof BundleError) return error.fault;
    throw error;
  }
}

describe('a bundle', () => {
  test('gives back its header and arrays', () => {
    expect(decodeBundle(encodeBundle(bundle))).toEqual(bundle);
  });

  test('reads from the middle of a larger buffer', () => {
    const bytes = encodeBundle(bundle);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(decodeBundle(larger.subarray(3))).toEqual(bundle);
  });

  test('takes views of shared memory', () => {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared[1] = 4;
    expect(decodeBundle(encodeBundle({ header: 0, arrays: { shared } })).arrays.shared).toEqual(Float32Array.of(0, 4));
  });

  test('is the same bytes for the same content, and another hash for another', () => {
    expect(encodeBundle(bundle)).toEqual(encodeBundle(bundle));
    const other = encodeBundle({ ...bundle, header: { name: 'grosse' } });
    expect(bundleHash(other)).not.toBe(bundleHash(encodeBundle(bundle)));
  });

  test('cut anywhere is truncated', () => {
    const bytes = encodeBundle(bundle);
    for (let length = 0; length < bytes.length; length++) expect(faultOf(bytes.subarray(0, length))).toBe('truncated');
  });

  test('with any byte changed is refused', () => {
    const bytes = encodeBundle(bundle);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 0x10;
      expect(faultOf(changed), `byte ${at}`).toBeDefined();
    }
  });

  test('with something behind its end is damaged', () => {
    expect(faultOf(Uint8Array.of(...encodeBundle(bundle), 0))).toBe('damaged');
  });

  test('of another kind is foreign', () => {
    expect(faultOf(new TextEncoder().encode('{"json": "and long enough to hold a prefix of ours"}'))).toBe('foreign');
  });
});
