import { ToolError } from '../tool.js';
import { type Fields, isFields } from './document.js';

/** A reference that refers to a reference that… is nobody's honest description. */
const LONGEST_CHAIN = 20;
/** Nor is a reference of more characters; it may be looked up for each place that has it. */
const LONGEST_REFERENCE = 1_000;

/**
 * Follows `$ref` until there is none. Only references into the document itself are followed; no address is fetched
 * and no file is read. Throws ToolError for any other, and for one that leads nowhere.
 */
export function follow(value: unknown, root: Fields): unknown {
  let target = value;
  for (let hops = 0; isFields(target) && typeof target.$ref === 'string'; hops++) {
    if (hops === LONGEST_CHAIN) throw new ToolError(`The reference ${shown(target.$ref)} goes in circles.`);
    target = lookUp(target.$ref, root);
  }
  return target;
}

/** What a reference points at: a JSON Pointer in a URI fragment, RFC 6901 section 6. */
export function lookUp(reference: string, root: Fields): unknown {
  if (reference === '#') return root;
  if (reference.length > LONGEST_REFERENCE) {
    throw new ToolError(`The OpenAPI description has a reference that is too long: ${shown(reference)}.`);
  }
  if (!reference.startsWith('#/')) {
    throw new ToolError(
      `The OpenAPI description refers to ${shown(reference)}, outside itself. Bundle it into one document first.`,
    );
  }
  let target: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) {
      throw new ToolError(`The OpenAPI description has nothing at ${shown(reference)}.`);
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
