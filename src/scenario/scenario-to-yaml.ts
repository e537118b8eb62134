/** Writes a scenario document as YAML that a person likes to read and edit: short maps on one line, comments kept. */
import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, type Pair, visit } from 'yaml';
import { visible } from '../base/index.ts';
import type { ScenarioDocument, VariantDocument } from './document.ts';
import type { YamlPath } from './yaml-source.ts';

/** A remark beside one part of the document. */
export interface YamlComment {
  readonly path: YamlPath;
  readonly text: string;
}

/** Comments to write along. */
export interface YamlComments {
  /** Where the JSON Schema lies, for editors. */
  readonly schema?: string;
  /** Above everything. */
  readonly header?: string;
  readonly comments?: readonly YamlComment[];
}

/** Maps of more plain values than this get a line per value. */
const FLOW_SIZE_MAX = 8;

/** YAML text that reads back as the same document. */
export function scenarioToYaml(document: ScenarioDocument, options: YamlComments = {}): string {
  return documentToYaml(document, options);
}

/** YAML text of a document that extends another one, and states what differs. */
export function variantToYaml(document: VariantDocument, options: YamlComments = {}): string {
  return documentToYaml(document, options);
}

/** YAML text of any document, written in the same way. */
export function documentToYaml(document: object, options: YamlComments = {}): string {
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  visit(yaml, { Collection: (_key, node) => compact(node) });
  for (const { path, text } of options.comments ?? []) comment(yaml, path, text);
  if (isMap(yaml.contents)) {
    for (const pair of yaml.contents.items.slice(1)) separate(pair);
    const services = yaml.contents.get('services', true);
    if (isMap(services)) for (const pair of services.items.slice(1)) separate(pair);
  }
  const above = [...schemaLine(options.schema), ...(options.header === undefined ? [] : [options.header])];
  if (above.length > 0) yaml.commentBefore = lines(above.join('\n'));
  return yaml.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** The line by which YAML editors find the schema. */
function schemaLine(schema: string | undefined): string[] {
  return schema === undefined ? [] : [`yaml-language-server: $schema=${schema}`];
}

/** A few plain values go on one line. */
function compact(node: unknown): void {
  if (!isCollection(node) || node.items.length > FLOW_SIZE_MAX) return;
  if (node.items.every((item) => isScalar(isPair(item) ? item.value : item))) node.flow = true;
}

/** An empty line above a part that takes several. */
function separate(pair: Pair): void {
  if (isScalar(pair.key) && isCollection(pair.value) && pair.value.flow !== true) pair.key.spaceBefore = true;
}

/** Beside a value, or above it when it takes several lines or is an entry of a list. */
function comment(yaml: Document, path: YamlPath, text: string): void {
  const node = yaml.getIn(path, true);
  const parent = yaml.getIn(path.slice(0, -1), true);
  if (!isNode(node)) return;
  if (isSeq(parent) && parent.flow !== true) {
    node.commentBefore = lines(text);
    return;
  }
  const pair = isMap(parent) ? parent.items.find((item) => item.value === node) : undefined;
  if (isScalar(pair?.key) && isCollection(node) && node.flow !== true) pair.key.commentBefore = lines(text);
  else node.comment = ` ${visible(text).replaceAll('\n', ' ')}`;
}

function lines(text: string): string {
  return visible(text)
    .split('\n')
    .map((line) => (line === '' ? '' : ` ${line}`))
    .join('\n');
}
