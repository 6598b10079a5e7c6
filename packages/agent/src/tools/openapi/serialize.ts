import { isJsonObject } from '@agenthook/json';
import { encodeValue } from '../http/fill-url.js';

/** A parameter value as text. */
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');

const DELIMITERS: Record<string, string> = { spaceDelimited: '%20', pipeDelimited: '|', tabDelimited: '%09' };

/**
 * Style `simple`, of paths and headers: `a,b` and `k,v` (exploded: `k=v`). `encode` is applied to each part.
 */
export function toSimple(value: unknown, explode: boolean, encode: (part: string) => string): string {
  const encoded = (part: unknown) => encode(textOf(part));
  if (Array.isArray(value)) return value.map(encoded).join(',');
  if (!isJsonObject(value)) return encoded(value);
  return Object.entries(value)
    .map(([key, part]) => `${encoded(key)}${explode ? '=' : ','}${encoded(part)}`)
    .join(',');
}

/**
 * The percent-encoded `name=value` pairs of one query or form field, for the styles `form`, `spaceDelimited`,
 * `pipeDelimited` and `deepObject`. https://spec.openapis.org/oas/v3.1.1.html#style-values
 */
export function toPairs(
  name: string,
  value: unknown,
  style: string,
  explode: boolean,
  allowReserved = false,
): string[] {
  const encode = allowReserved ? keepReserved : encodeValue;
  const pair = (key: string, part: unknown) => `${encodeValue(key)}=${encode(textOf(part))}`;
  if (style === 'deepObject') return deepPairs(name, value).map(([key, part]) => pair(key, part));
  if (Array.isArray(value)) {
    if (explode) return value.map((part) => pair(name, part));
    const delimiter = DELIMITERS[style] ?? ',';
    return [`${encodeValue(name)}=${value.map((part) => encode(textOf(part))).join(delimiter)}`];
  }
  if (!isJsonObject(value)) return [pair(name, value)];
  if (explode) return Object.entries(value).map(([key, part]) => pair(key, part));
  return [`${encodeValue(name)}=${toSimple(value, false, encode)}`];
}

/**
 * A path parameter in its style: `simple`, `label` (`.a,b`) or `matrix` (`;name=a,b`), RFC 6570 sections
 * 3.2.5 and 3.2.7.
 */
export function toPath(
  { name, style, explode }: { name: string; style: string; explode: boolean },
  value: unknown,
): string {
  if (style === 'label') {
    const parts = explode ? explodedOf(value) : [toSimple(value, false, encodeValue)];
    return `.${parts.join('.')}`;
  }
  if (style === 'matrix') {
    const named = (text: string) => `;${encodeValue(name)}${text === '' ? '' : `=${text}`}`;
    if (!explode || typeof value !== 'object') return named(toSimple(value, false, encodeValue));
    return explodedOf(value)
      .map((part) => (Array.isArray(value) ? named(part) : `;${part}`))
      .join('');
  }
  return toSimple(value, explode, encodeValue);
}

/** `a`, or `k=v` for each member. */
function explodedOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((part) => encodeValue(textOf(part)));
  if (!isJsonObject(value)) return [encodeValue(textOf(value))];
  return Object.entries(value).map(([key, part]) => `${encodeValue(key)}=${encodeValue(textOf(part))}`);
}

/** Keeps reserved characters but `&`, `#` and `+`: they would begin another parameter or mean a space. */
const keepReserved = (text: string): string =>
  encodeValue(text).replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|3D|5B|5D)/g, (escaped) =>
    decodeURIComponent(escaped),
  );

/**
 * `a[b][c]`, and `a[0]` for lists. The specification stops at `a[b]`, but APIs with deepObject accept these.
 */
function deepPairs(name: string, value: unknown): [string, unknown][] {
  if (!Array.isArray(value) && !isJsonObject(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, part]) => deepPairs(`${name}[${key}]`, part));
}
