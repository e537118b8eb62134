/**
 * Writes Protocol Buffers messages field by field. ONNX needs a handful of messages that never change, so fifty lines
 * stand where a library would want a schema of the same length.
 */

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/** A message under construction; `finish` gives its bytes. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  /** A whole number of at least 0. */
  integer(field: number, value: number): this {
    this.#parts.push(varint(field * 8 + WIRE_VARINT), varint(value));
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(varint(field * 8 + WIRE_BYTES), varint(value.length), value);
    return this;
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  /** Whole numbers of at least 0, packed. */
  integers(field: number, values: readonly number[]): this {
    return this.bytes(field, joined(values.map(varint)));
  }

  finish(): Uint8Array {
    return joined(this.#parts);
  }
}

/** Seven bits a byte, the lowest first; by division, because a shift would cut at 32 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.of(...bytes, rest);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
