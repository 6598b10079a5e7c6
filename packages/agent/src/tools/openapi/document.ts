import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bounded, Caller } from '@agenthook/bounded';
import { endOfString, isJsonObject, parseAnswer } from '@agenthook/json';
import { ToolError } from '../tool.js';

/** A parsed OpenAPI description. It is untrusted: no field is guaranteed to have the right shape. */
export interface OpenApiDocument {
  paths: Fields;
  servers: unknown;
  /** The whole document, for references into it. */
  root: Fields;
}

export type Fields = Record<string, unknown>;

/** The text of a field; undefined if it is not a string. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/**
 * Parses an OpenAPI 3 description, JSON or YAML.
 * Throws ToolError if it does not parse, has another version, or has no operations.
 */
export async function parseDocument(
  bounded: Bounded,
  caller: Caller,
  text: string,
): Promise<OpenApiDocument> {
  const root = await parse(bounded, caller, text);
  if (!isJsonObject(root)) throw new ToolError('The OpenAPI description is not an object.');
  if (root.swagger !== undefined) {
    throw new ToolError(
      'The description is Swagger 2.0. Convert it to OpenAPI 3, for example with swagger2openapi.',
    );
  }
  // A YAML author may omit the quotes; 3.0 is then a number.
  if (!/^3(\.|$)/.test(String(root.openapi))) {
    throw new ToolError('The description has no OpenAPI version 3 in its field `openapi`.');
  }
  if (!isJsonObject(root.paths)) throw new ToolError('The OpenAPI description has no `paths`.');
  return { root, paths: root.paths, servers: root.servers };
}

/** Shorter JSON is parsed whatever it holds, in characters. */
const MOST_UNCOUNTED = 2 * 1024 * 1024;
/** How many values longer JSON may have: parsing many small values is much slower than a few long texts. */
const MOST_VALUES = 500_000;
/** How many characters are counted in one turn of the event loop. */
const SLICE = 1024 * 1024;

const TOO_LARGE = 'The OpenAPI description is too large. Paste only the part that you need.';

/**
 * JSON is also YAML, but parses ten times faster on its own. YAML:
 * https://spec.openapis.org/oas/v3.1.1.html#format.
 */
async function parse(bounded: Bounded, caller: Caller, text: string): Promise<unknown> {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    if (!/^\s*\{/.test(bare)) throw new SyntaxError('not an object of JSON');
    if (bare.length > MOST_UNCOUNTED && (await hasTooManyValues(bare))) throw new ToolError(TOO_LARGE);
    return parseAnswer(bare);
  } catch (error) {
    if (error instanceof ToolError) throw error;
    const read = await bounded.readYaml(bare, caller);
    switch (read.outcome) {
      case 'parsed':
        return read.value;
      case 'not_yaml':
        throw new ToolError(`The OpenAPI description is neither valid JSON nor valid YAML: ${read.reason}.`);
      case 'starved':
        throw new ToolError('The OpenAPI description could not be read right now.');
      case 'too_slow':
      case 'too_large':
        throw new ToolError(TOO_LARGE);
    }
  }
}

const [QUOTE, COMMA, OPEN_LIST, OPEN_OBJECT] = [0x22, 0x2c, 0x5b, 0x7b];

/** Whether JSON text has more than MOST_VALUES values. Lets the event loop go on meanwhile. */
async function hasTooManyValues(json: string): Promise<boolean> {
  let values = 0;
  let next = SLICE;
  for (let at = 0; at < json.length && values <= MOST_VALUES; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfString(json, at);
    else if (character === COMMA || character === OPEN_LIST || character === OPEN_OBJECT) values++;
    if (at < next) continue;
    next = at + SLICE;
    await nextTurn();
  }
  return values > MOST_VALUES;
}
