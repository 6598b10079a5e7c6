import { MAX_FORM_FIELDS, type Query } from '@agenthook/contracts';
import { charsetOfForm, createDecode, UTF8, undecodable } from './decode-text.js';
import { type Field, payloadOf, tooManyFields } from './fields.js';
import { type ParsedPayload, refuse } from './parsed.js';

/** Where forms name their own charset: PayPal's field, and that of the HTML standard. */
const CHARSET_FIELDS = ['charset', '_charset_'];

/** How many such fields are read, because asking for an unknown charset takes as long as a hundred fields. */
const MOST_CHARSETS = 4;

const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/** The digit that a character code is in base 16; NaN for others. */
const hexDigit = (code: number): number => Number.parseInt(String.fromCharCode(code), 16);

/** Replaces `+` and `%XX`; a `%` that nothing valid follows is itself. One character is one byte. */
export function unescaped(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] ?? 0;
    if (byte === PLUS) byte = SPACE;
    else if (byte === PERCENT && at + 2 < bytes.length) {
      const value = hexDigit(bytes[at + 1] ?? 0) * 16 + hexDigit(bytes[at + 2] ?? 0);
      if (!Number.isNaN(value)) {
        byte = value;
        at += 2;
      }
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/**
 * Parses a form or a query string. Its bytes are in the declared charset, else in that of the form's own
 * charset field, else in UTF-8, percent-encoded or not. https://url.spec.whatwg.org/#urlencoded-parsing
 */
export function readForm(
  bytes: Buffer,
  {
    kind,
    charset,
    unfolds,
  }: { kind: 'form' | 'query'; charset?: string | undefined; unfolds?: string | undefined },
): ParsedPayload {
  const pairs = bytes.toString('latin1').split('&', MAX_FORM_FIELDS + 1);
  // Counted with the empty ones, so that the work is bounded too.
  if (pairs.length > MAX_FORM_FIELDS) return tooManyFields(MAX_FORM_FIELDS);
  const raw = splitPairs(pairs);
  const label = charset ?? ownCharset(raw) ?? UTF8;
  const fields: Field[] = [];
  const decode = createDecode(false);
  for (const pair of raw) {
    const texts = pair.map((part) => decode(unescaped(part), label));
    const bad = texts.find((text) => !text.ok);
    if (bad && !bad.ok)
      return refuse(
        'invalid_form',
        kind === 'query'
          ? undecodable('The query string', bad, 'a parameter called charset')
          : undecodable('The form', bad),
      );
    const [name, value] = texts.map((text) => (text.ok ? text.text : ''));
    fields.push([name ?? '', value ?? '']);
  }
  return payloadOf(fields, kind, unfolds);
}

/**
 * Parses the query string of a request whose event is its body. Nothing in it refuses the event: what its
 * charset does not have stays as it was sent, such as `%ff`; `__proto__` and the parameters after the first
 * MAX_FORM_FIELDS are left out.
 */
export function readExtraQuery(bytes: Buffer): Query {
  const raw = splitPairs(bytes.toString('latin1').split('&', MAX_FORM_FIELDS));
  const label = ownCharset(raw) ?? UTF8;
  const decode = createDecode(false);
  const textOf = (part: string) => {
    const decoded = decode(unescaped(part), label);
    return decoded.ok ? decoded.text : asAscii(part);
  };
  const fields = raw
    .map(([name, value]) => [textOf(name), textOf(value)] as const)
    .filter(([name]) => name !== '__proto__');
  const read = payloadOf(fields, 'query');
  return read.ok ? (read.payload as Query) : {};
}

type Pair = readonly [name: string, value: string];

const splitPairs = (pairs: readonly string[]): Pair[] =>
  pairs
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    });

/** Escapes the bytes that are not ASCII. One character is one byte. */
const asAscii = (text: string): string =>
  text.replace(/[\x80-\xff]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

/** The charset that a form's own field names. Another value of such a field is the form's data. */
function ownCharset(fields: readonly Pair[]): string | undefined {
  return fields
    .filter(([name]) => CHARSET_FIELDS.includes(name))
    .slice(0, MOST_CHARSETS)
    .map(([, value]) => charsetOfForm(value))
    .find((charset) => charset !== undefined);
}
