import { isJsonObject } from '@agenthook/json';
import { ToolError } from '../tool.js';
import type { Fields } from './document.js';

/** Longer chains of references are not honest descriptions. */
const LONGEST_CHAIN = 20;
/** Neither are longer references; each may be resolved once per use. */
const LONGEST_REFERENCE = 1_000;

/**
 * Follows `$ref` until there is none. Only references within the document are followed; no URL is fetched and
 * no file is read. Throws ToolError for any other reference, and for one without a target.
 */
export function follow(value: unknown, root: Fields): unknown {
  let target = value;
  for (let hops = 0; isJsonObject(target) && typeof target.$ref === 'string'; hops++) {
    if (hops === LONGEST_CHAIN) throw new ToolError(`The reference ${shown(target.$ref)} is circular.`);
    target = lookUp(target.$ref, root);
  }
  return target;
}

/** Resolves a reference: a JSON Pointer in a URI fragment, RFC 6901 section 6. */
export function lookUp(reference: string, root: Fields): unknown {
  if (reference === '#') return root;
  if (reference.length > LONGEST_REFERENCE) {
    throw new ToolError(`A reference in the OpenAPI description is too long: ${shown(reference)}.`);
  }
  if (!reference.startsWith('#/')) {
    throw new ToolError(
      `The OpenAPI description refers to ${shown(reference)}, outside the document. Bundle it into ` +
        'one document first.',
    );
  }
  let target: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) {
      throw new ToolError(`The OpenAPI description contains nothing at ${shown(reference)}.`);
    }
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
