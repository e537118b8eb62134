/** One instance of the compiled kernels with its memory, and an allocator that never frees. */
import { kernelsWasmBase64 } from './kernels-wasm.ts';

/** The functions of assembly/index.ts, where they are described; all addresses and strides are in bytes. */
export interface KernelFunctions {
  heapStart(): number;
  multiply(
    rows: number,
    inner: number,
    panels: number,
    input: number,
    inputStride: number,
    weights: number,
    panelStride: number,
    initial: number,
    initialStride: number,
    output: number,
    outputStride: number,
  ): void;
  addOuterProducts(
    rows: number,
    inner: number,
    panels: number,
    input: number,
    inputStride: number,
    gradient: number,
    gradientStride: number,
    sums: number,
    panelStride: number,
  ): void;
  addColumns(rows: number, panels: number, gradient: number, sums: number): void;
  packPanels(weights: number, inputs: number, outputs: number, panels: number): void;
  packTransposedPanels(weights: number, inputs: number, outputs: number, panels: number): void;
  unpackPanels(panels: number, inputs: number, outputs: number, weights: number): void;
  tanhInPlace(values: number, count: number): void;
  multiplyTanhDerivative(gradients: number, activations: number, count: number): void;
  poolRows(
    samples: number,
    counts: number,
    rows: number,
    rowStride: number,
    columns: number,
    output: number,
    outputStride: number,
    winners: number,
  ): void;
  poolRowsBackward(
    samples: number,
    counts: number,
    pooled: number,
    pooledStride: number,
    columns: number,
    winners: number,
    gradients: number,
    rowBytes: number,
  ): void;
  poolNeighbours(
    samples: number,
    counts: number,
    lists: number,
    rows: number,
    rowBytes: number,
    means: number,
    maxima: number,
    winners: number,
  ): void;
  poolNeighboursBackward(
    samples: number,
    counts: number,
    lists: number,
    means: number,
    maxima: number,
    winners: number,
    gradients: number,
    rowBytes: number,
  ): void;
  updateMemory(
    count: number,
    keep: number,
    reset: number,
    fresh: number,
    keepRecalled: number,
    resetRecalled: number,
    freshRecalled: number,
    before: number,
    after: number,
  ): void;
  updateMemoryBackward(
    count: number,
    keep: number,
    reset: number,
    fresh: number,
    freshRecalled: number,
    before: number,
    gradients: number,
    keepGradients: number,
    resetGradients: number,
    freshGradients: number,
    recalledGradients: number,
    beforeGradients: number,
  ): void;
  gatherRows(count: number, rows: number, source: number, rowBytes: number, target: number): void;
  addGatheredRows(count: number, rows: number, source: number, rowBytes: number, target: number): void;
  repeatRows(groups: number, counts: number, source: number, rowBytes: number, target: number): void;
  sumRowGroups(groups: number, counts: number, source: number, rowBytes: number, target: number): void;
  listChoices(
    samples: number,
    componentCounts: number,
    verbs: number,
    mask: number,
    maskStride: number,
    headRowSlots: number,
    noOpSlot: number,
    choiceCounts: number,
    headCounts: number,
    choices: number,
    slots: number,
    headRows: number,
  ): number;
  spreadLogits(
    samples: number,
    choiceCounts: number,
    choices: number,
    slots: number,
    logits: number,
    output: number,
    choiceCount: number,
    masked: number,
  ): void;
  policyLoss(
    samples: number,
    choiceCounts: number,
    choices: number,
    slots: number,
    logits: number,
    gradients: number,
    targets: number,
    reference: number,
    referenceStride: number,
    settings: number,
    sums: number,
    scratch: number,
    scratchStride: number,
  ): number;
  valueLoss(
    samples: number,
    values: number,
    gradients: number,
    stride: number,
    targets: number,
    settings: number,
    sums: number,
  ): void;
}

/** The part of the WebAssembly interface used here; it exists in Node.js and browsers, the compiler's types are the browser's. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: KernelFunctions & { readonly memory: KernelMemory } };
}

interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const PAGE_BYTES = 65536;
const CACHE_LINE_BYTES = 64;
/** The kernels read up to this much behind a buffer, and do not use it. */
const SLACK_BYTES = 256;

let compiled: object | undefined;

/** Kernels with their own memory; instances share nothing but the compiled code. */
export class Kernels {
  readonly run: KernelFunctions;
  floats: Float32Array;
  integers: Int32Array;
  doubles: Float64Array;
  bytes: Uint8Array;
  private readonly memory: KernelMemory;
  private end: number;

  constructor() {
    const host = (globalThis as unknown as { WebAssembly: WebAssemblyHost }).WebAssembly;
    compiled ??= new host.Module(Uint8Array.from(atob(kernelsWasmBase64), (character) => character.charCodeAt(0)));
    const { exports } = new host.Instance(compiled);
    this.run = exports;
    this.memory = exports.memory;
    this.end = roundUp(exports.heapStart(), CACHE_LINE_BYTES);
    const { buffer } = this.memory;
    this.floats = new Float32Array(buffer);
    this.integers = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  /** Address of `byteLength` zeroed bytes, on a cache line. */
  allocate(byteLength: number): number {
    const address = this.end;
    this.end = roundUp(address + byteLength + SLACK_BYTES, CACHE_LINE_BYTES);
    const pages = Math.ceil((this.end - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (pages > 0) this.grow(pages);
    return address;
  }

  /** Address of `count` zeroed floats or 32-bit integers. */
  allocateWords(count: number): number {
    return this.allocate(count * 4);
  }

  private grow(pages: number): void {
    this.memory.grow(pages);
    const { buffer } = this.memory;
    this.floats = new Float32Array(buffer);
    this.integers = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }
}

/** The smallest multiple of `unit` that is not below `value`. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
