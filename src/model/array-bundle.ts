/**
 * A binary container for named typed arrays and a JSON header: the format of weights and checkpoints. Its length and a
 * hash of its content stand at fixed places, so a file cut short is told from one that was changed.
 *
 * Layout, little endian: magic "DLOB", version u32, total bytes u64, hash 8 bytes, header bytes u32, padding u32, then
 * the header (JSON in UTF-8, padded with spaces to 8 bytes) and the arrays, each aligned to 8 bytes.
 */

import { hashWordsInto } from '../base/index.ts';

type BundleArray = Float32Array | Float64Array | Int32Array | Uint8Array;
type ArrayTypeName = keyof typeof arrayTypes;

/** Named arrays and whatever JSON describes them. */
export interface ArrayBundle {
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, BundleArray>>;
}

/** Why bytes could not be read as a bundle. */
export type BundleFault = 'foreign' | 'truncated' | 'damaged';

/** Thrown by `decodeBundle`; callers turn it into the error code of their file. */
export class BundleError extends Error {
  override readonly name: string = 'BundleError';
  readonly fault: BundleFault;

  constructor(fault: BundleFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

interface ArrayPlace {
  readonly name: string;
  readonly type: ArrayTypeName;
  readonly length: number;
  readonly byteOffset: number;
}

const arrayTypes = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u8: Uint8Array };
const MAGIC = 0x424f4c44;
const VERSION = 1;
const PREFIX_BYTES = 32;
const HASH_OFFSET = 16;
const HASHED_FROM = 24;

/** The bundle as bytes; equal bundles give equal bytes. */
export function encodeBundle(bundle: ArrayBundle): Uint8Array {
  const places: ArrayPlace[] = [];
  let dataBytes = 0;
  for (const [name, array] of Object.entries(bundle.arrays)) {
    places.push({ name, type: typeName(array), length: array.length, byteOffset: dataBytes });
    dataBytes = align(dataBytes + array.byteLength);
  }
  const headerText = new TextEncoder().encode(JSON.stringify({ header: bundle.header, places }));
  const headerBytes = align(headerText.length);
  const bytes = new Uint8Array(PREFIX_BYTES + headerBytes + dataBytes);
  bytes.fill(0x20, PREFIX_BYTES, PREFIX_BYTES + headerBytes);
  bytes.set(headerText, PREFIX_BYTES);
  for (const place of places) {
    const array = bundle.arrays[place.name]!;
    const source = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    bytes.set(source, PREFIX_BYTES + headerBytes + place.byteOffset);
  }
  writePrefix(bytes, headerBytes);
  return bytes;
}

/** Reads what `encodeBundle` wrote; throws `BundleError`. */
export function decodeBundle(source: Uint8Array): ArrayBundle {
  // A file's bytes come as a Buffer, whose `slice` is a view of shared memory instead of a copy.
  const bytes = new Uint8Array(source);
  const headerBytes = checkPrefix(bytes);
  // A copy, because typed arrays need aligned buffers and a file's bytes may start anywhere.
  const data = bytes.slice(PREFIX_BYTES + headerBytes).buffer;
  const text = new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes));
  const { header, places } = JSON.parse(text) as { header: unknown; places: ArrayPlace[] };
  const arrays: Record<string, BundleArray> = {};
  for (const { name, type, length, byteOffset } of places) {
    arrays[name] = new arrayTypes[type](data, byteOffset, length);
  }
  return { header, arrays };
}

/** The hash that stands in a bundle's prefix: 16 hex digits. */
export function bundleHash(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const low = view.getUint32(HASH_OFFSET, true).toString(16).padStart(8, '0');
  return (
    view
      .getUint32(HASH_OFFSET + 4, true)
      .toString(16)
      .padStart(8, '0') + low
  );
}

function writePrefix(bytes: Uint8Array, headerBytes: number): void {
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setBigUint64(8, BigInt(bytes.length), true);
  view.setUint32(24, headerBytes, true);
  const hash = contentHash(bytes);
  view.setUint32(HASH_OFFSET, hash[0]!, true);
  view.setUint32(HASH_OFFSET + 4, hash[1]!, true);
}

/** Length of the header, once magic, length and hash have been found right. */
function checkPrefix(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES) throw new BundleError('truncated', `only ${bytes.length} bytes are there`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new BundleError('foreign', 'it does not start like one of our files');
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw new BundleError('foreign', `it has format version ${version}, not ${VERSION}`);
  const expected = Number(view.getBigUint64(8, true));
  if (bytes.length < expected) throw new BundleError('truncated', `${bytes.length} of ${expected} bytes are there`);
  const hash = contentHash(bytes.subarray(0, expected));
  const same = hash[0] === view.getUint32(HASH_OFFSET, true) && hash[1] === view.getUint32(HASH_OFFSET + 4, true);
  if (!same || bytes.length > expected) throw new BundleError('damaged', 'its content does not match its checksum');
  return view.getUint32(24, true);
}

function contentHash(bytes: Uint8Array): Uint32Array {
  const hash = new Uint32Array(2);
  const content = bytes.slice(HASHED_FROM);
  hashWordsInto(new Uint32Array(content.buffer, 0, content.length >> 2), hash);
  return hash;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function typeName(array: BundleArray): ArrayTypeName {
  if (array instanceof Float32Array) return 'f32';
  if (array instanceof Float64Array) return 'f64';
  return array instanceof Int32Array ? 'i32' : 'u8';
}
