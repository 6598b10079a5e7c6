import { isJsonObject } from '@agenthook/json';
import { cut } from '../cut.js';
import { ToolError } from '../tool.js';
import { type Fields, listOf, type OpenApiDocument, textOf } from './document.js';
import { follow } from './references.js';

/** https://spec.openapis.org/oas/v3.1.1.html#path-item-object, without TRACE, which no API is called with. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** An operation as the description lists it. */
export interface ListedOperation {
  id: string | undefined;
  /** In upper case. */
  method: string;
  path: string;
  item: Fields;
  fields: Fields;
}

/** All operations of a description, in its order. */
export function listOperations({ paths, root }: OpenApiDocument): ListedOperation[] {
  return Object.entries(paths).flatMap(([path, value]) => {
    const item = path.startsWith('/') ? follow(value, root) : undefined;
    if (!isJsonObject(item)) return [];
    return METHODS.flatMap((method) => {
      const fields = item[method];
      return isJsonObject(fields)
        ? [{ id: textOf(fields.operationId), method: method.toUpperCase(), path, item, fields }]
        : [];
    });
  });
}

/**
 * Finds operations by operationId, by `METHOD /path`, or all with a tag by `tag:NAME`. Throws ToolError that
 * lists missing ones and the most similar existing ones, and for an operationId that several operations have:
 * a GET must not become a DELETE. An operation whose id is not unique has none in the result.
 */
export function findOperations(document: OpenApiDocument, wanted: readonly string[]): ListedOperation[] {
  const all = listOperations(document);
  const byPath = new Map(all.map((operation) => [pathNameOf(operation), operation]));
  const byId = Map.groupBy(
    all.filter(({ id }) => id !== undefined),
    ({ id }) => id as string,
  );
  const found = wanted.flatMap((name): (ListedOperation | undefined)[] => {
    const tagged = name.startsWith(TAG) ? all.filter(hasTag(name.slice(TAG.length).trim())) : [];
    return tagged.length > 0 ? tagged : [byPath.get(withUpperMethod(name)) ?? onlyOf(byId.get(name), name)];
  });
  const unknown = wanted.filter(
    (name) => !byPath.has(withUpperMethod(name)) && !byId.has(name) && !isTag(name, all),
  );
  if (unknown.length > 0) {
    const names = [...byPath.keys(), ...byId.keys()];
    throw new ToolError(
      unknown
        .slice(0, 5)
        .map((name) => describeUnknown(name, names, all.length))
        .join(' '),
    );
  }
  return [...new Set(found.filter((operation) => operation !== undefined))].map((operation) =>
    (byId.get(operation.id ?? '')?.length ?? 0) > 1 ? { ...operation, id: undefined } : operation,
  );
}

const TAG = 'tag:';
const hasTag =
  (tag: string) =>
  ({ fields }: ListedOperation): boolean =>
    listOf(fields.tags).includes(tag);
const isTag = (name: string, all: readonly ListedOperation[]) =>
  name.startsWith(TAG) && all.some(hasTag(name.slice(TAG.length).trim()));

/** How many operations with one id an error names. */
const MOST_NAMED = 5;

function onlyOf(operations: ListedOperation[] | undefined, id: string): ListedOperation | undefined {
  if (operations === undefined || operations.length === 1) return operations?.[0];
  const named = operations.slice(0, MOST_NAMED).map((operation) => cut(pathNameOf(operation), 200));
  throw new ToolError(
    `The OpenAPI description has ${operations.length} operations with the operationId "${cut(id, 100)}": ` +
      `${named.join(', ')}. Choose one by \`METHOD /path\` instead.`,
  );
}

/** How many names are compared with a missing one. */
const MOST_COMPARED = 2_000;

export const pathNameOf = ({ method, path }: ListedOperation) => `${method} ${path}`;

const withUpperMethod = (name: string) =>
  name.trim().replace(/^([a-z]+)\s+(?=\/)/i, (_, method: string) => `${method.toUpperCase()} `);

function describeUnknown(name: string, names: string[], count: number): string {
  const near = names
    .slice(0, MOST_COMPARED)
    .map((candidate) => ({ candidate, likeness: likeness(name, candidate) }))
    .filter(({ likeness }) => likeness > 0.3)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 5)
    .map(({ candidate }) => cut(candidate, 100));
  const hint = near.length > 0 ? `Similar ones: ${near.join(', ')}.` : `It has ${count}.`;
  return `The OpenAPI description has no operation "${name}". ${hint}`;
}

/** 0 to 1: the share of letter pairs that two names have in common (Sørensen–Dice). */
function likeness(a: string, b: string): number {
  const [ofA, ofB] = [pairs(a), pairs(b)];
  const common = [...ofA].filter((pair) => ofB.has(pair)).length;
  return (2 * common) / (ofA.size + ofB.size || 1);
}

function pairs(name: string): Set<string> {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 100);
  return new Set(Array.from(letters, (letter, index) => letter + (letters[index + 1] ?? '')));
}
