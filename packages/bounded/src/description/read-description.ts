import { cut, DescriptionError } from './fields.js';
import { createLibrary, type Document } from './library.js';
import { createChoosing, type ListedOperation, listOperations, type NameFault } from './list-operations.js';
import type { Operation } from './operation.js';
import { isSwagger, parseDocument } from './parse-document.js';
import { type FixedInputs, readOperation } from './read-operation.js';

/** How many operations a list has. */
const MOST_LISTED = 2_000;
/** How many characters of JSON all operations may have together, the chosen ones and those of a list. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
/** The share of the list. */
const MOST_LIST_CHARACTERS = 1024 * 1024;
const LONGEST_LISTED = 300; // characters of a description

/** What is read of a description. */
export interface Reading {
  /** Names of operations: an operationId, `METHOD /path`, or `tag:NAME`. */
  chosen: readonly string[];
  fixed: FixedInputs;
  /** Whether to list all operations. */
  list: boolean;
  /** How many operations may be chosen. */
  most: number;
  /**
   * The URL of each document, after redirects, and the URL that it was asked for. The first is the
   * description.
   */
  documents: readonly { url?: string; asked?: string }[];
}

export interface OperationFault {
  /** The index of the name in `chosen`; missing if it is about several. */
  index?: number;
  code: NameFault['code'] | 'operation_not_supported';
  message: string;
}

/** One operation of a list. */
export interface OperationEntry {
  name: string;
  description: string;
  /** `{}` where the list would become too long. */
  parameters: Record<string, unknown>;
  chosen: boolean;
}

export type DescriptionRead =
  | { outcome: 'read'; operations: Operation[]; faults: OperationFault[]; list: OperationEntry[] }
  /** Documents that these refer to have to be fetched first. */
  | { outcome: 'needs'; urls: string[] }
  | { outcome: 'unusable'; message: string };

/** Reads operations of an OpenAPI 3 or Swagger 2.0 description, whose documents are `texts`. */
export function readDescription(reading: Reading, texts: readonly string[]): DescriptionRead {
  try {
    return read(reading, texts);
  } catch (error) {
    if (error instanceof DescriptionError) return { outcome: 'unusable', message: error.message };
    throw error;
  }
}

function read({ chosen, fixed, list, most, documents }: Reading, texts: readonly string[]): DescriptionRead {
  const all = documents.map(({ url }, index): Document => ({ url, root: parseDocument(texts[index] ?? '') }));
  const [first] = all;
  if (!first) throw new DescriptionError('The OpenAPI description is empty.');
  const swagger = isSwagger(first.root);
  const others = new Map(
    all.slice(1).map((document, index) => [documents[index + 1]?.asked ?? '', document]),
  );
  const library = createLibrary(first, others);
  const described = { first, library, isSwagger: swagger };

  const listed = listOperations(first, library);
  const { find, nameOf } = createChoosing(listed);
  const faults: OperationFault[] = [];
  const wanted = new Set<ListedOperation>();
  for (const [index, name] of chosen.entries()) {
    const found = find(name);
    if (Array.isArray(found)) for (const operation of found) wanted.add(operation);
    else faults.push({ index, ...found });
  }
  if (wanted.size > most) {
    throw new DescriptionError(
      `The OpenAPI description has ${wanted.size} such operations; the limit for a model is ${most}. Choose fewer.`,
    );
  }
  const operations: Operation[] = [];
  let characters = 0;
  for (const operation of wanted) {
    try {
      const callable = readOperation(operation, nameOf(operation), described, fixed);
      characters += JSON.stringify(callable).length;
      operations.push(callable);
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      faults.push({ code: 'operation_not_supported', message: error.message });
    }
    if (characters > MOST_CHARACTERS)
      throw new DescriptionError('The chosen operations are too large together. Choose fewer.');
  }
  const entries = list ? listAll() : [];
  if (library.missing.size > 0) return { outcome: 'needs', urls: [...library.missing] };
  return { outcome: 'read', operations, faults, list: entries };

  /** The chosen operations first, because the list may be cut. */
  function listAll(): OperationEntry[] {
    const ordered = [...wanted, ...listed.filter((operation) => !wanted.has(operation))];
    const known = new Map(operations.map((operation) => [operation.id, operation]));
    const missing = new Set(library.missing);
    let left = MOST_LIST_CHARACTERS;
    const made = ordered.slice(0, MOST_LISTED).map((operation): OperationEntry => {
      const name = nameOf(operation);
      const callable = known.get(name) ?? (left > 0 ? attempt(operation, name) : undefined);
      const parameters = callable?.parameters ?? {};
      left -= JSON.stringify(parameters).length;
      const { summary, description } = operation.fields;
      const text = [summary, description].find((each) => typeof each === 'string') ?? name;
      return {
        name: cut(name, LONGEST_LISTED),
        description: cut(callable?.description ?? String(text), LONGEST_LISTED),
        parameters: left >= 0 ? parameters : {},
        chosen: wanted.has(operation),
      };
    });
    // What only the list would need is not fetched.
    for (const url of library.missing) if (!missing.has(url)) library.missing.delete(url);
    return made;
  }

  function attempt(operation: ListedOperation, name: string): Operation | undefined {
    try {
      return readOperation(operation, name, described, fixed);
    } catch (error) {
      if (error instanceof DescriptionError) return undefined;
      throw error;
    }
  }
}
