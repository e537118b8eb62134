/**
 * Turns a parsed YAML document into plain data, within bounds: every node is looked at once, what aliases repeat is
 * counted as often as it is repeated, and each complaint has the offset of the node it is about.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';

/** What a document may hold. */
interface YamlBounds {
  /** Nodes, those that aliases and merge keys repeat included. */
  readonly nodesMax: number;
  readonly depthMax: number;
  readonly keyLengthMax: number;
}

/** Far beyond what people write, far below what would take long. */
export const YAML_BOUNDS: YamlBounds = { nodesMax: 500_000, depthMax: 100, keyLengthMax: 1024 };

/** Something in a document that cannot be taken, at this offset of the text. */
export class YamlValueError extends Error {
  readonly offset: number;

  constructor(message: string, node: unknown) {
    super(message);
    this.offset = offsetOf(node) ?? 0;
  }
}

/** The data of a document. Throws YamlValueError. */
export function plainValue(contents: unknown): unknown {
  return new Converter().convert(contents, 0).value;
}

/** Offset of a node in the text, if it has one. */
export function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}

/** A value and how many nodes it takes, repeated ones included. */
interface Converted {
  readonly value: unknown;
  readonly size: number;
}

/** In JavaScript objects this key is no ordinary one, and checks would overlook it. */
const SPECIAL_KEY = '__proto__';
const MERGE_KEY = '<<';

class Converter {
  #nodes = 0;
  /** What has been read so far, by its anchor; a later one of the same name counts from there on. */
  readonly #anchors = new Map<string, Converted | null>();

  convert(node: unknown, depth: number): Converted {
    if (depth > YAML_BOUNDS.depthMax)
      throw new YamlValueError(`the text is nested more than ${YAML_BOUNDS.depthMax} levels deep`, node);
    this.#count(1, node);
    if (isAlias(node)) return this.#repeated(node);
    const anchor = anchorOf(node);
    // Until it is whole, an alias of it within it would lead in a circle.
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const converted = this.#own(node, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, converted);
    return converted;
  }

  #own(node: unknown, depth: number): Converted {
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item, depth + 1));
      return { value: items.map((item) => item.value), size: sum(items) };
    }
    if (isScalar(node)) return { value: plainScalar(node), size: 1 };
    return { value: null, size: 1 };
  }

  #map(node: YAMLMap, depth: number): Converted {
    const fields = new Map<string, Converted>();
    const own = new Set<string>();
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) {
        this.#merge(pair, fields, depth);
        continue;
      }
      const key = keyOf(pair, node);
      if (own.has(key)) throw new YamlValueError(`the key ${quoted(key)} is there twice`, pair.key);
      own.add(key);
      fields.set(key, this.convert(pair.value, depth + 1));
    }
    const entries = [...fields].map(([key, { value }]) => [key, value] as const);
    return { value: Object.fromEntries(entries), size: sum([...fields.values()]) };
  }

  /** Fields of other maps, where this one does not state its own; of several maps, the first counts. */
  #merge({ key, value }: Pair, fields: Map<string, Converted>, depth: number): void {
    const sources: readonly unknown[] = isSeq(value) ? value.items : [value];
    for (const source of sources) {
      const { value: merged, size } = this.convert(source, depth + 1);
      if (typeof merged !== 'object' || merged === null || Array.isArray(merged))
        throw new YamlValueError(
          'a merge key (<<) needs a map, or a list of maps',
          offsetOf(source) === undefined ? key : source,
        );
      for (const [name, part] of Object.entries(merged)) {
        if (!fields.has(name)) fields.set(name, { value: part, size });
      }
    }
  }

  #repeated(alias: Alias): Converted {
    const found = this.#anchors.get(alias.source);
    if (found === undefined)
      throw new YamlValueError(`the alias *${quoted(alias.source)} has no anchor before it`, alias);
    if (found === null) throw new YamlValueError(`the alias *${quoted(alias.source)} leads into itself`, alias);
    this.#count(found.size, alias);
    return found;
  }

  #count(nodes: number, node: unknown): void {
    this.#nodes += nodes;
    if (this.#nodes <= YAML_BOUNDS.nodesMax) return;
    throw new YamlValueError(`the text holds more than ${YAML_BOUNDS.nodesMax} values, repeated ones included`, node);
  }
}

function sum(parts: readonly Converted[]): number {
  return parts.reduce((total, { size }) => total + size, 1);
}

function anchorOf(node: unknown): string | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
}

/** Text, a number, true, false or nothing; tags could make other things of it. */
function plainScalar(node: Scalar): string | number | boolean | null {
  const { value } = node;
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new YamlValueError('this is neither text nor a number nor true, false or nothing', node);
}

function isMergeKey(key: unknown): boolean {
  if (!isScalar(key) || (key.type !== undefined && key.type !== 'PLAIN')) return false;
  return key.value === MERGE_KEY || (typeof key.value === 'symbol' && key.value.description === MERGE_KEY);
}

function keyOf({ key }: Pair, map: Node): string {
  if (!isScalar(key) || key.value === null) throw new YamlValueError('a key must be plain text', key ?? map);
  const text = String(plainScalar(key));
  if (text === SPECIAL_KEY) throw new YamlValueError(`${SPECIAL_KEY} cannot be a key`, key);
  if (text.length > YAML_BOUNDS.keyLengthMax)
    throw new YamlValueError(`a key is longer than ${YAML_BOUNDS.keyLengthMax} letters`, key);
  return text;
}

function quoted(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
