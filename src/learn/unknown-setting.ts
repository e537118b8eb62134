/** What somebody may have meant who wrote a setting that does not exist. */

import { nearestName } from '../base/index.ts';

/** The part of a JSON Schema that says which keys there are. */
export interface SettingsNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingsNode>>;
  /** Of a record. */
  readonly additionalProperties?: SettingsNode | false;
  /** Of a list. */
  readonly items?: SettingsNode;
}

type Path = readonly (string | number)[];

/** A hint for the key `unknown` under `path`: the right key at another level, a similar one here, or all there are here. */
export function unknownSettingHint(schema: SettingsNode, path: Path, unknown: string): string {
  const elsewhere = placesOf(schema, unknown, []);
  const [only] = elsewhere;
  if (only !== undefined && elsewhere.length === 1) return `Did you mean ${only.join('.')}?`;
  const here = Object.keys(nodeAt(schema, path)?.properties ?? {});
  const similar = nearestName(unknown, here);
  if (similar !== undefined) return `Did you mean ${[...path, similar].join('.')}?`;
  if (elsewhere.length > 1) return `Did you mean ${elsewhere.map((place) => place.join('.')).join(' or ')}?`;
  return `The settings here are ${here.join(', ')}.`;
}

function nodeAt(schema: SettingsNode, path: Path): SettingsNode | undefined {
  let node: SettingsNode | undefined = schema;
  for (const key of path) {
    node =
      typeof key === 'number' ? node?.items : (node?.properties?.[key] ?? (node?.additionalProperties || undefined));
  }
  return node;
}

/** Keys of this name at any level that is not inside a record or list. */
function placesOf(node: SettingsNode, name: string, path: Path): Path[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(key === name ? [[...path, key]] : []),
    ...placesOf(child, name, [...path, key]),
  ]);
}
