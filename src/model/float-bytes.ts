/** Floats as the bytes that both exported formats want: 32 bits, little endian, whatever machine writes them. */

const FLOAT_BYTES = 4;

/** The arrays one after the other. */
export function littleEndianFloats(parts: readonly Float32Array[]): Uint8Array {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const view = new DataView(new ArrayBuffer(count * FLOAT_BYTES));
  let offset = 0;
  for (const part of parts) {
    for (const value of part) {
      view.setFloat32(offset, value, true);
      offset += FLOAT_BYTES;
    }
  }
  return new Uint8Array(view.buffer);
}
