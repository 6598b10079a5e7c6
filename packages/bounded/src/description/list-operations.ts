import { isJsonObject } from '@agenthook/json';
import { cut, type Fields, listOf, textOf } from './fields.js';
import type { Document, Library } from './library.js';

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
  /** The document of the path item. */
  at: Document;
}

/** All operations of a description, in its order. Path items in missing documents are left out. */
export function listOperations(first: Document, library: Library): ListedOperation[] {
  return Object.entries(first.root.paths as Fields).flatMap(([path, value]) => {
    if (path.startsWith('x-')) return [];
    const found = library.follow(value, first);
    if (!found || !isJsonObject(found.value)) return [];
    const { value: item, at } = found;
    return METHODS.flatMap((method) => {
      const fields = (item as Fields)[method];
      return isJsonObject(fields)
        ? [
            {
              id: textOf(fields.operationId)?.trim() || undefined,
              method: method.toUpperCase(),
              // Some leave out the slash that a path must begin with.
              path: path.replace(/^(?!\/)/, '/'),
              item: item as Fields,
              fields,
              at,
            },
          ]
        : [];
    });
  });
}

/** Why a name chooses no operation. */
export interface NameFault {
  code: 'unknown_operation' | 'duplicate_operation';
  message: string;
}

export interface Choosing {
  /** The operations that a name chooses: an operationId, a `METHOD /path`, or a tag as `tag:NAME`. */
  find(name: string): ListedOperation[] | NameFault;
  /** The operationId if no other operation has it, otherwise `METHOD /path`. */
  nameOf(operation: ListedOperation): string;
}

/**
 * Chooses among operations. An operationId that several operations have chooses none: a GET must not become a
 * DELETE.
 */
export function createChoosing(all: readonly ListedOperation[]): Choosing {
  const byPath = new Map(all.map((operation) => [pathNameOf(operation), operation]));
  const byId = Map.groupBy(
    all.filter(({ id }) => id !== undefined),
    ({ id }) => id as string,
  );
  const names = [...byPath.keys(), ...byId.keys()];
  return {
    find: (name) => {
      const tagged = name.startsWith(TAG) ? all.filter(hasTag(name.slice(TAG.length).trim())) : [];
      if (tagged.length > 0) return tagged;
      const found = byPath.get(withUpperMethod(name));
      const same = found ? [found] : (byId.get(name) ?? []);
      if (same.length === 0)
        return { code: 'unknown_operation', message: describeUnknown(name, names, all.length) };
      return same.length === 1 ? same : { code: 'duplicate_operation', message: describeSame(name, same) };
    },
    nameOf: (operation) =>
      operation.id !== undefined && byId.get(operation.id)?.length === 1
        ? operation.id
        : pathNameOf(operation),
  };
}

const TAG = 'tag:';
const hasTag =
  (tag: string) =>
  ({ fields }: ListedOperation): boolean =>
    listOf(fields.tags).includes(tag);

/** How many operations with one id an error names. */
const MOST_NAMED = 5;

function describeSame(id: string, operations: readonly ListedOperation[]): string {
  const named = operations.slice(0, MOST_NAMED).map((operation) => cut(pathNameOf(operation), 200));
  return (
    `The OpenAPI description has ${operations.length} operations with the operationId "${cut(id, 100)}": ` +
    `${named.join(', ')}. Choose one by \`METHOD /path\` instead.`
  );
}

/** How many names are compared with a missing one. */
const MOST_COMPARED = 2_000;

const pathNameOf = ({ method, path }: ListedOperation) => `${method} ${path}`;

const withUpperMethod = (name: string) =>
  name.trim().replace(/^([a-z]+)\s+(?=\/)/i, (_, method: string) => `${method.toUpperCase()} `);

function describeUnknown(name: string, names: readonly string[], count: number): string {
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
