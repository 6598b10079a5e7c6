import { detailOf, MAX_FILES_BYTES, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import { type Decoded, decodeText, isWide, markedCharset, UTF8, undecodable } from './payload/decode-text.js';
import {
  FORM,
  isFileType,
  isJsonType,
  isTextType,
  type MediaType,
  MULTIPART,
  readMediaType,
} from './payload/media-type.js';
import { filesTooLarge, type ParsedPayload, refuse } from './payload/parsed.js';
import { readForm } from './payload/read-form.js';
import { isJson, isJsonLines, readJson } from './payload/read-json.js';
import { readMultipart } from './payload/read-multipart.js';

/** What is known about the bytes of an event. */
export interface PayloadSource {
  /** Whether they are a query string. */
  isQuery?: boolean;
  contentType?: string | undefined;
  /** Whether an event may have no body. Its payload is then `{}`. */
  takesEmpty?: boolean;
  /** The form field whose value, if it is JSON, is the payload. */
  unfolds?: string | undefined;
  /** The name of a body that is a file. */
  filename?: string | undefined;
}

/**
 * Parses the payload of a webhook request from its bytes in linear time: any JSON value except null, the
 * fields of a form, or text. The content decides, and Content-Type only where the content is ambiguous. Keys
 * `__proto__` and `constructor.prototype` are refused rather than dropped, so that what is stored is what was
 * sent.
 */
export function parsePayload(bytes: Buffer, source: PayloadSource): ParsedPayload {
  if (source.isQuery)
    return bytes.length === 0 ? refuse('empty_body', NO_QUERY) : readForm(bytes, { kind: 'query' });
  if (bytes.length === 0 || isBlank(bytes))
    return source.takesEmpty
      ? { ok: true, kind: 'json', payload: {}, json: '{}' }
      : refuse('empty_body', detailOf('empty_body'));
  const type = readMediaType(source.contentType);
  if (type.essence === MULTIPART)
    return jsonIn(bytes, type) ?? readMultipart(bytes, { ...type, unfolds: source.unfolds });
  if (type.essence === FORM) return fromForm(bytes, type, source.unfolds);
  if (isFileType(type.essence)) return asFile(bytes, type, source);
  if (bytes.length > MAX_PAYLOAD_BYTES)
    return isBinary(bytes, type) ? asFile(bytes, type, source) : TOO_LARGE;
  if (isJsonType(type.essence)) return fromJson(bytes, type);
  return fromText(bytes, type, source);
}

const NO_QUERY = 'The URL has no query string. Send the payload there, for example ?question=….';

const TOO_LARGE = refuse(
  'payload_too_large',
  `A payload may have at most ${MAX_PAYLOAD_BYTES / 1024 / 1024} MiB. Only files may be larger.`,
);

/** A body that is one file. Its description is the payload. */
function asFile(bytes: Buffer, { essence }: MediaType, { filename = 'body' }: PayloadSource): ParsedPayload {
  const file = { filename, media_type: essence || 'application/octet-stream', bytes: bytes.length };
  if (bytes.length > MAX_FILES_BYTES) return filesTooLarge(bytes.length);
  return { ok: true, kind: 'file', payload: file, files: [{ ...file, at: 0 }] };
}

/** A byte order mark as Latin-1. Behind that of UTF-16, the byte of a space may be half of a letter. */
const MARK = /^(?:\xef\xbb\xbf|\xff\xfe$|\xfe\xff$)/;

/** Whether a body has only white space, after a byte order mark if it has one. */
function isBlank(bytes: Buffer): boolean {
  const [mark = ''] = MARK.exec(bytes.toString('latin1', 0, 3)) ?? [];
  return bytes.subarray(mark.length).every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** A declared charset. UTF-16 and UTF-32 have bytes of zero in ASCII; without any, the label is wrong. */
const charsetOfAscii = (bytes: Buffer, { charset }: MediaType): string | undefined =>
  isWide(charset) && !bytes.includes(0) ? UTF8 : charset;

/** JSON that is called a form, which does not begin like this. curl -d and many clients' settings say so. */
function jsonIn(bytes: Buffer, { charset }: MediaType): ParsedPayload | undefined {
  if (bytes.length > MAX_PAYLOAD_BYTES || !/^\s*[{[]/.test(bytes.toString('latin1', 0, 100)))
    return undefined;
  const decoded = decodeText(bytes, charset ?? UTF8);
  return decoded.ok && isJson(decoded.text) ? readJson(decoded.text) : undefined;
}

function fromForm(bytes: Buffer, type: MediaType, unfolds: string | undefined): ParsedPayload {
  const charset = charsetOfAscii(bytes, type);
  const json = jsonIn(bytes, { ...type, charset });
  if (json) return json;
  const asText = () => fromText(bytes, { essence: 'text/plain', charset }, {});
  // A form in UTF-16 or UTF-32 has no single bytes to unescape, and a mark is no part of its first name.
  if (markedCharset(bytes) !== undefined || isWide(charset)) {
    const decoded = decodeText(bytes, charset ?? UTF8);
    if (!decoded.ok) return refuse('invalid_form', undecodable('The form', decoded));
    const form = Buffer.from(decoded.text);
    return isNoForm(form) ? asText() : readForm(form, { kind: 'form', charset: UTF8, unfolds });
  }
  if (isNoForm(bytes)) return asText();
  return readForm(bytes, { kind: 'form', charset, unfolds });
}

/**
 * How JSON Lines, JSON with a fault and XML begin. A form escapes these characters. What begins with them
 * would be cut at each `&`.
 */
const NO_FORM = /^\s*(?:\{\s*"|\[\s*["{]|<[?!A-Za-z])/;
/** What a form escapes. A name without a value that has it is a text, such as `curl -d 'Disk is full'`. */
const ESCAPED = /[^\w.~*+%&!'()-]/;

/** Whether a body that is called a form is another text, which would be cut at each `&` and `=`. */
function isNoForm(bytes: Buffer): boolean {
  if (NO_FORM.test(bytes.toString('latin1', 0, 100))) return true;
  const end = bytes.indexOf('=');
  const name = bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
  return end === -1 ? ESCAPED.test(name) : /[\r\n]/.test(name.trimStart());
}

function fromJson(bytes: Buffer, type: MediaType): ParsedPayload {
  const charset = charsetOfAscii(bytes, type);
  const shown = charset === undefined || isWide(charset) ? unmarkedWide(bytes) : undefined;
  const decoded = decodeText(bytes, shown ?? charset ?? UTF8);
  return decoded.ok ? readJson(decoded.text) : refuse('invalid_json', undecodable('The body', decoded));
}

/** JSON begins with an ASCII character, which has bytes of zero in UTF-16 and UTF-32 (RFC 4627, 3). */
function unmarkedWide(bytes: Buffer): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  if (bytes[0] === 0) return bytes[1] === 0 ? 'utf-32be' : 'utf-16be';
  if (bytes[1] !== 0) return undefined;
  return bytes[2] === 0 && bytes[3] === 0 ? 'utf-32le' : 'utf-16le';
}

/** Text, or JSON under a type that does not say so. */
function fromText(bytes: Buffer, type: MediaType, source: PayloadSource): ParsedPayload {
  const { essence } = type;
  const own = xmlCharset(bytes);
  const declared = own !== undefined && isWide(type.charset) ? own.charset : (type.charset ?? own?.charset);
  const isText = isTextType(essence) || essence === 'text/plain' || declared !== undefined;
  if (!isText && isBinary(bytes, type)) return asFile(bytes, type, source);
  const decoded: Decoded = decodeText(bytes, declared ?? UTF8);
  if (!decoded.ok)
    return isText ? refuse('invalid_text', undecodable('The body', decoded)) : asFile(bytes, type, source);
  const { text } = decoded;
  // Without a type, text that begins like this is invalid JSON, if it is not a line of JSON after the other.
  const mustBeJson = essence === '' && /^\s*[{[]/.test(text) && !isJsonLines(text);
  if (mustBeJson || (!isTextType(essence) && isJson(text))) return readJson(text);
  return { ok: true, kind: 'text', payload: text };
}

/** Whether bytes of an ambiguous type are no text at all. */
const isBinary = (bytes: Buffer, { charset }: MediaType): boolean =>
  charset === undefined && markedCharset(bytes) === undefined && bytes.includes(0);

/**
 * The charset that an XML declaration names, if any: https://www.w3.org/TR/xml/#NT-EncodingDecl. The bytes
 * show whether it is UTF-16 or UTF-32: .NET writes `encoding="utf-16"` into XML that it sends as UTF-8.
 */
function xmlCharset(bytes: Buffer): { charset: string | undefined } | undefined {
  const beginning = bytes.toString('latin1', 0, 200);
  if (beginning.startsWith('<\0\0\0?')) return { charset: 'utf-32le' };
  if (beginning.startsWith('\0\0\0<')) return { charset: 'utf-32be' };
  if (beginning.startsWith('<\0?\0')) return { charset: 'utf-16le' };
  if (beginning.startsWith('\0<\0?')) return { charset: 'utf-16be' };
  if (!beginning.startsWith('<?xml')) return undefined;
  const charset = /^[^>]*\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']/.exec(beginning)?.[1];
  return { charset: isWide(charset) ? UTF8 : charset };
}
