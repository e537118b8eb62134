/** State in one buffer: columns, snapshots, hashes, and differences with names. */
import { describe, expect, test } from 'vitest';
import { AssertionFailure, type StateArena, StateLayout } from '../../src/base/index.ts';

function smallState() {
  const layout = new StateLayout();
  const pods = layout.table('pods', 3, { load: 'f64', phase: 'u8', restarts: 'i32' });
  const links = layout.table('links', 2, { loss: 'f32', packets: 'u32' });
  return { pods, links, arena: layout.build() };
}

function hashAfterFlips(arena: StateArena, snapshot: ArrayBuffer, bits: readonly number[]): string {
  const changed = snapshot.slice(0);
  const bytes = new Uint8Array(changed);
  for (const bit of bits) bytes[bit >> 3]! ^= 1 << (bit & 7);
  arena.restore(changed);
  return arena.hash();
}

describe('StateLayout', () => {
  test('binds every column with its type, one element per row, starting at zero', () => {
    const { pods, links } = smallState();
    expect(pods.load).toEqual(new Float64Array(3));
    expect(pods.phase).toEqual(new Uint8Array(3));
    expect(pods.restarts).toEqual(new Int32Array(3));
    expect(links.loss).toEqual(new Float32Array(2));
    expect(links.packets).toEqual(new Uint32Array(2));
  });

  test('aligns every column to eight bytes in one buffer, in order of declaration', () => {
    const { pods, links, arena } = smallState();
    const columns = [pods.load, pods.phase, pods.restarts, links.loss, links.packets];
    expect(columns.map((column) => column.byteOffset)).toEqual([0, 24, 32, 48, 56]);
    expect(new Set(columns.map((column) => column.buffer)).size).toBe(1);
    expect(arena.byteLength).toBe(64);
  });

  test('stops any use of a column before it is built', () => {
    const { load } = new StateLayout().table('pods', 3, { load: 'f64' });
    expect(() => load[0]).toThrow(AssertionFailure);
    expect(() => load.length).toThrow('column pods.load used before the layout was built');
    expect(() => {
      load[0] = 1;
    }).toThrow(AssertionFailure);
  });

  test('takes each table name once, and nothing after it is built', () => {
    const layout = new StateLayout();
    layout.table('pods', 1, { load: 'f64' });
    expect(() => layout.table('pods', 1, { load: 'f64' })).toThrow('declared twice');
    expect(() => layout.table('links', 1.5, { loss: 'f64' })).toThrow('whole number of rows');
    layout.build();
    expect(() => layout.table('disks', 1, { load: 'f64' })).toThrow('after build');
    expect(() => layout.build()).toThrow(AssertionFailure);
  });

  test('admits tables without rows', () => {
    const layout = new StateLayout();
    const disks = layout.table('disks', 0, { fill: 'f64' });
    const pods = layout.table('pods', 1, { load: 'f64' });
    const arena = layout.build();
    const empty = arena.hash();
    pods.load[0] = 1;
    expect(disks.fill.length).toBe(0);
    expect(arena.hash()).not.toBe(empty);
    expect(Object.keys(arena.tableHashes())).toEqual(['disks', 'pods']);
  });
});

describe('StateArena', () => {
  test('restores what a snapshot holds, into the same columns', () => {
    const { pods, links, arena } = smallState();
    pods.load.set([1.5, -2, Number.NaN]);
    links.packets.set([7, 4294967295]);
    const snapshot = arena.snapshot();
    pods.load.fill(9);
    links.packets.fill(9);
    pods.phase.fill(9);
    arena.restore(snapshot);
    expect([...pods.load]).toEqual([1.5, -2, Number.NaN]);
    expect([...links.packets]).toEqual([7, 4294967295]);
    expect([...pods.phase]).toEqual([0, 0, 0]);
  });

  test('a snapshot does not follow later changes, and reuses the buffer it is given', () => {
    const { pods, arena } = smallState();
    pods.load[0] = 1;
    const first = arena.snapshot();
    pods.load[0] = 2;
    expect(new Float64Array(first)[0]).toBe(1);
    expect(arena.snapshot(first)).toBe(first);
    expect(new Float64Array(first)[0]).toBe(2);
  });

  test('refuses snapshots of another length', () => {
    const { arena } = smallState();
    expect(() => arena.restore(new ArrayBuffer(8))).toThrow(AssertionFailure);
    expect(() => arena.snapshot(new ArrayBuffer(8))).toThrow(AssertionFailure);
    expect(() => arena.difference(new ArrayBuffer(8), arena.snapshot())).toThrow(AssertionFailure);
  });

  test('changes its hash with any single bit, each bit differently', () => {
    const { pods, links, arena } = smallState();
    pods.load.set([1, 2, 3]);
    links.packets.set([4, 5]);
    const snapshot = arena.snapshot();
    const hashes = new Set([arena.hash()]);
    for (let bit = 0; bit < snapshot.byteLength * 8; bit++) hashes.add(hashAfterFlips(arena, snapshot, [bit]));
    expect(hashes.size).toBe(1 + snapshot.byteLength * 8);
    expect(hashAfterFlips(arena, snapshot, [])).toBe([...hashes][0]);
  });

  test('changes its hash with every pair of sign bits, which cancel in plain FNV', () => {
    const { arena } = smallState();
    const snapshot = arena.snapshot();
    const words = snapshot.byteLength / 4;
    const hashes = new Set([arena.hash()]);
    for (let first = 0; first < words; first++) {
      for (let second = 0; second < first; second++) {
        hashes.add(hashAfterFlips(arena, snapshot, [first * 32 + 31, second * 32 + 31]));
      }
    }
    expect(hashes.size).toBe(1 + (words * (words - 1)) / 2);
  });

  test('gives the same hash as text and as two words', () => {
    const { pods, arena } = smallState();
    pods.load[1] = 5;
    const words = new Uint32Array(2);
    arena.hashInto(words);
    const [low, high] = [...words].map((word) => word.toString(16).padStart(8, '0'));
    expect(arena.hash()).toBe(`${high}${low}`);
    expect(arena.hash()).toMatch(/^[0-9a-f]{16}$/);
  });

  test('tells by table hashes which table changed', () => {
    const { links, arena } = smallState();
    const before = arena.tableHashes();
    links.packets[1] = 1;
    const after = arena.tableHashes();
    expect(after.pods).toBe(before.pods);
    expect(after.links).not.toBe(before.links);
  });

  test('names table, column and row of each difference, in order of declaration', () => {
    const { pods, links, arena } = smallState();
    const before = arena.snapshot();
    links.packets[1] = 3;
    pods.phase[2] = 255;
    pods.load[0] = 0.5;
    expect(arena.difference(before, arena.snapshot())).toEqual([
      { table: 'pods', column: 'load', row: 0, before: 0, after: 0.5 },
      { table: 'pods', column: 'phase', row: 2, before: 0, after: 255 },
      { table: 'links', column: 'packets', row: 1, before: 0, after: 3 },
    ]);
    expect(arena.difference(before, before)).toEqual([]);
  });

  test('stops at the wanted number of differences', () => {
    const { pods, arena } = smallState();
    const before = arena.snapshot();
    pods.load.fill(1);
    pods.restarts.fill(1);
    const found = arena.difference(before, arena.snapshot(), 4);
    expect(found.map(({ column, row }) => `${column} ${row}`)).toEqual(['load 0', 'load 1', 'load 2', 'restarts 0']);
  });

  test('compares bits: zero differs from minus zero, and NaN equals itself', () => {
    const { pods, arena } = smallState();
    pods.load[1] = Number.NaN;
    const before = arena.snapshot();
    expect(arena.difference(before, arena.snapshot())).toEqual([]);
    pods.load[0] = -0;
    expect(arena.difference(before, arena.snapshot())).toEqual([
      { table: 'pods', column: 'load', row: 0, before: 0, after: -0 },
    ]);
  });
});

test('the first element that is not a number has a name, and infinity is a number', () => {
  const { pods, links, arena } = smallState();
  pods.load[0] = Number.POSITIVE_INFINITY;
  expect(arena.firstNotANumber()).toBeNull();
  links.loss[1] = Number.NaN;
  expect(arena.firstNotANumber()).toBe('links.loss[1]');
});
