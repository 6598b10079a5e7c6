import { isUtf8 } from 'node:buffer';
import type { EgressResponse } from '@agenthook/egress';
import { parseJson } from '@agenthook/json';
import { SECRET_OVERLAP } from '../without-secrets.js';
import { decodeText, looksBinary, mediaTypeOf } from './decode-text.js';
import { filterValue } from './filter-value.js';
import { MOST_REST } from './tool.js';

export interface ForModel {
  /** JSON as a value, other text as text, anything else as a description. Missing if there is no body. */
  body?: unknown;
  /** Tells the model that the body is incomplete. */
  note?: string;
  /** What follows in a body that was cut, as far as it is kept. */
  rest?: string;
}

const TEXT_TYPE =
  /^(text\/.*|application\/([\w.-]+\+)?(json|xml|yaml|x-yaml|javascript|x-www-form-urlencoded|x-ndjson))$/;
const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;
/** Longest JSON that is parsed, in characters; longer JSON stays text. Parsing blocks the event loop. */
const LONGEST_JSON = 200_000;

/**
 * What the model receives of an answer's body. `clean` removes secrets, then the text is cut to
 * `maxCharacters`. Never throws.
 */
export function bodyForModel(
  { headers, body, truncated }: Pick<EgressResponse, 'headers' | 'body' | 'truncated'>,
  { clean, maxCharacters }: { clean: (text: string) => string; maxCharacters: number },
): ForModel {
  if (body.length === 0) return {};
  const contentType = headers['content-type'];
  const type = mediaTypeOf(contentType);
  const isText = type === '' || TEXT_TYPE.test(type) || isUtf8(body);
  if (!isText || looksBinary(body))
    return { body: `[${describeBinary(type, body.length, truncated)}, not shown]` };

  const text = decodeText(body, contentType, truncated);
  const isJson = (type === '' || JSON_TYPE.test(type)) && text.length <= LONGEST_JSON;
  const value = isJson ? withoutSecrets(text, clean) : undefined;
  // Cut before cleaning, but far enough behind the kept part that a secret there is still complete.
  const kept = maxCharacters + MOST_REST;
  const shown = value === undefined ? clean(text.slice(0, kept + SECRET_OVERLAP)) : JSON.stringify(value);
  if (shown.length <= maxCharacters && !truncated) return { body: value ?? shown };
  const beginning = cutText(shown, maxCharacters);
  const rest = cutText(shown.slice(beginning.length, kept), MOST_REST);
  return {
    body: beginning,
    ...(rest !== '' && { rest }),
    note: truncated
      ? `Only the beginning of the body is shown; it is longer than ${body.length} bytes.`
      : `Only the first ${maxCharacters} of ${Math.max(shown.length, text.length)} characters of the ` +
        'body are shown.',
  };
}

/** For example "application/pdf, 12345 bytes". */
export const describeBinary = (type: string, bytes: number, truncated: boolean): string =>
  `${type || 'binary data'}, ${truncated ? 'more than ' : ''}${bytes} bytes`;

/** The beginning of a text, without splitting a character. */
export const cutText = (text: string, characters: number): string =>
  text.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '');

/** The value of a JSON text without secrets; undefined if text is better. */
function withoutSecrets(text: string, clean: (text: string) => string): unknown {
  try {
    return filterValue(parseJson(text), clean);
  } catch {
    return undefined; // not JSON, or too deep
  }
}
