/**
 * Scalars as TensorBoard reads them: an event is a protocol buffer message of tensorflow/core/util/event.proto, framed
 * as a TFRecord (length, masked CRC-32C of the length, message, masked CRC-32C of the message).
 */

/** A moment of a run and its numbers by tag. */
export interface ScalarEvent {
  /** Seconds, on any scale that TensorBoard may take for wall time. */
  readonly wallSeconds: number;
  readonly step: number;
  readonly scalars: readonly (readonly [tag: string, value: number])[];
}

const FILE_VERSION = 'brain.Event:2';

/** Fields of the messages, as (number << 3 | wire type). */
const Key = { wallTime: 9, step: 16, fileVersion: 26, summary: 42, value: 10, tag: 10, simpleValue: 21 } as const;

/** The record an event file begins with. */
export function versionRecord(): Uint8Array {
  return record([...double(Key.wallTime, 0), ...text(Key.fileVersion, FILE_VERSION)]);
}

/** The record of one event. */
export function scalarRecord({ wallSeconds, step, scalars }: ScalarEvent): Uint8Array {
  const values = scalars.flatMap(([tag, value]) => nested(Key.value, [...text(Key.tag, tag), ...float(value)]));
  const message = [...double(Key.wallTime, wallSeconds), Key.step, ...varint(step), ...nested(Key.summary, values)];
  return record(message);
}

function record(message: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16 + message.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, message.length, true);
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(12 + message.length, maskedChecksum(bytes.subarray(12, 12 + message.length)), true);
  return bytes;
}

function nested(key: number, message: readonly number[]): number[] {
  return [key, ...varint(message.length), ...message];
}

function text(key: number, value: string): number[] {
  return nested(key, [...new TextEncoder().encode(value)]);
}

function double(key: number, value: number): number[] {
  return [key, ...new Uint8Array(Float64Array.of(value).buffer)];
}

function float(value: number): number[] {
  return [Key.simpleValue, ...new Uint8Array(Float32Array.of(value).buffer)];
}

/** A whole number, seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** CRC-32C, turned and shifted as TFRecord wants it, so that checksums of checksums stay sound. */
function maskedChecksum(bytes: Uint8Array): number {
  const checksum = castagnoli(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

const remainders: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  return remainder;
});

/** CRC-32C (Castagnoli, RFC 3720). */
function castagnoli(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = remainders[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}
