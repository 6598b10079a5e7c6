import { isUtf8 } from 'node:buffer';
import type { EgressResponse } from '@agenthook/egress';
import { SECRET_OVERLAP } from '../without-secrets.js';
import { decodeText, looksBinary, mediaTypeOf } from './decode-text.js';
import { filterValue } from './filter-value.js';

export interface ForModel {
  /** JSON as a value, other text as text, anything else as a word on it. Left out where there is none. */
  body?: unknown;
  /** What the model should know of the body: that it is not all of it. */
  note?: string;
}

const TEXT_TYPE =
  /^(text\/.*|application\/([\w.-]+\+)?(json|xml|yaml|x-yaml|javascript|x-www-form-urlencoded|x-ndjson))$/;
const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;
/** Longest JSON that is parsed, in characters; longer ones are told as text. It is walked on the event loop. */
const LONGEST_JSON = 200_000;
/** An integer that a JavaScript number may not hold: parsed, it would become another one. */
const LONG_INTEGER = /[:[,\s]-?\d{16,}\s*[,\]}]/;

/**
 * What a model is told of an answer's body. `clean` takes secrets out of a text, `maxCharacters` bounds what is shown,
 * after that. Never throws.
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
  const value = isJson ? parseJson(text, clean) : undefined;
  // Cut before it is cleaned, yet so far behind the place that is shown that a secret there is still whole.
  const shown =
    value === undefined ? clean(text.slice(0, maxCharacters + SECRET_OVERLAP)) : JSON.stringify(value);
  if (shown.length <= maxCharacters && !truncated) return { body: value ?? shown };
  return {
    body: cutText(shown, maxCharacters),
    note: truncated
      ? `Only the beginning of the body is shown; it is longer than ${body.length} bytes.`
      : `Only the first ${maxCharacters} of ${Math.max(shown.length, text.length)} characters of the body are shown.`,
  };
}

/** "application/pdf, 12345 bytes". */
export const describeBinary = (type: string, bytes: number, truncated: boolean): string =>
  `${type || 'binary data'}, ${truncated ? 'more than ' : ''}${bytes} bytes`;

/** The beginning of a text, no character cut in two. */
export const cutText = (text: string, characters: number): string =>
  text.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '');

/** The value of a JSON text without secrets; undefined where it is better told as text. */
function parseJson(text: string, clean: (text: string) => string): unknown {
  if (LONG_INTEGER.test(text)) return undefined;
  try {
    return filterValue(JSON.parse(text), clean);
  } catch {
    return undefined; // no JSON, or nested too deeply
  }
}
