import { isJsonObject } from '@agenthook/json';
import { DescriptionError, type Fields } from './fields.js';

/** Longer chains of references are not honest descriptions. */
const LONGEST_CHAIN = 20;
/** Neither are longer references; each may be resolved once per use. */
const LONGEST_REFERENCE = 1_000;

/** One document of a description. */
export interface Document {
  root: Fields;
  /** Where it was fetched, after redirects; undefined for a pasted one of unknown origin. */
  url: string | undefined;
}

/** A value and the document that its references are relative to. */
export interface Found {
  value: unknown;
  at: Document;
}

/** The documents of a description, and what they refer to. */
export interface Library {
  /**
   * Follows `$ref` until there is none. Undefined if that leads into a document that is not here, which is
   * then in `missing`. Throws DescriptionError for a reference without a target, and for one to another
   * origin.
   */
  follow(value: unknown, at: Document): Found | undefined;
  /** The same for a schema. Without a target, the value is undefined instead. */
  followSchema(value: unknown, at: Document): Found | undefined;
  /** The target of one reference to a schema, likewise. */
  lookUpSchema(reference: string, at: Document): Found | undefined;
  /** The URLs of documents that are referred to and not here. */
  missing: Set<string>;
}

/** @param others the documents that the first one refers to, by the URL that it is asked for */
export function createLibrary(first: Document, others: ReadonlyMap<string, Document>): Library {
  const missing = new Set<string>();

  const documentOf = (address: string, at: Document): Document | undefined => {
    if (address === '') return at;
    const url = addressIn(address, at, first);
    const known = url === first.url ? first : others.get(url);
    if (!known) missing.add(url);
    return known;
  };

  const lookUpSchema = (reference: string, at: Document): Found | undefined => {
    if (reference.length > LONGEST_REFERENCE) {
      throw new DescriptionError(`A reference in the OpenAPI description is too long: ${shown(reference)}.`);
    }
    const [address = '', ...rest] = reference.split('#');
    const document = documentOf(address, at);
    return document && { value: pointedAt(rest.join('#'), document.root), at: document };
  };

  const lookUp = (reference: string, at: Document): Found | undefined => {
    const found = lookUpSchema(reference, at);
    if (found && found.value === undefined)
      throw new DescriptionError(`The OpenAPI description contains nothing at ${shown(reference)}.`);
    return found;
  };

  const followBy = (look: typeof lookUp) => (value: unknown, at: Document) => {
    let found: Found | undefined = { value, at };
    for (let hops = 0; found && isJsonObject(found.value) && typeof found.value.$ref === 'string'; hops++) {
      if (hops === LONGEST_CHAIN)
        throw new DescriptionError(`The reference ${shown(found.value.$ref)} is circular.`);
      found = look(found.value.$ref, found.at);
    }
    return found;
  };

  return { follow: followBy(lookUp), followSchema: followBy(lookUpSchema), lookUpSchema, missing };
}

/**
 * The URL of a document that another one refers to. It must be on the origin of the description, so that a
 * description does not decide which servers are read.
 */
function addressIn(address: string, at: Document, first: Document): string {
  if (at.url === undefined || first.url === undefined || !URL.canParse(address, at.url)) {
    throw new DescriptionError(
      `The OpenAPI description refers to ${shown(address)}, outside the document. Set spec_url, or bundle it into ` +
        'one document first.',
    );
  }
  const url = new URL(address, at.url);
  if (url.origin !== new URL(first.url).origin) {
    throw new DescriptionError(
      `The OpenAPI description refers to ${shown(url.href)}, on another origin. Bundle it into one document first.`,
    );
  }
  url.hash = '';
  return url.href;
}

/** The value that a JSON Pointer in a URI fragment names, RFC 6901 section 6; undefined if there is none. */
function pointedAt(fragment: string, root: Fields): unknown {
  if (fragment === '') return root;
  if (!fragment.startsWith('/')) return undefined;
  let target: unknown = root;
  for (const part of fragment.slice(1).split('/')) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return undefined;
    target = (target as Fields)[key];
  }
  return target;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const shown = (reference: string) => (reference.length > 200 ? `${reference.slice(0, 200)}…` : reference);
