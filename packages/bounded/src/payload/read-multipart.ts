import { MAX_FILES, MAX_FILES_BYTES, MAX_FORM_FIELDS, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import { MultipartParseError, type MultipartPart, parseMultipart } from '@remix-run/multipart-parser';
import {
  charsetOf,
  charsetOfForm,
  createDecode,
  type Decode,
  isUtf16,
  UTF8,
  undecodable,
} from './decode-text.js';
import { type Field, payloadOf, tooManyFields } from './fields.js';
import { isFileType, readMediaType } from './media-type.js';
import { type FilePart, filesTooLarge, type ParsedPayload, type Refused, refuse } from './parsed.js';
import { filenameIn, isFolded, nameIn, type PartHeaders, unfoldedHeaders } from './part-headers.js';
import { decodeTransfer, type TransferEncoding, transferEncodingOf } from './transfer-encoding.js';

/** Longest name of a field or a file, in characters. */
const MAX_NAME = 1_000;
/** Longest text that a file's entry in the payload repeats, in bytes. */
const MAX_FILE_TEXT = 64 * 1024;
/** RFC 2046 allows 70 characters; some senders use more. */
const BOUNDARY = /^[\x20-\x7e]{1,200}$/;
/** The first line of a body, for senders whose header names no boundary, or another one. */
const FIRST_LINE = /^\s{0,9}--([\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?)\r\nContent-/i;
const HEADERS_END = '\r\n\r\n';

interface Part {
  name: string;
  filename: string | undefined;
  type: string | undefined;
  /** A view of the body. */
  raw: Buffer;
  encoding: TransferEncoding | undefined;
  /** What it stands for. */
  content: Buffer;
}

/**
 * Parses a `multipart/form-data` body (RFC 7578). A field is text in the charset of its part, else in that
 * one that the form's own fields name, else in the declared one, else in UTF-8. A file is `{filename,
 * media_type, bytes}`, with `text` if it is a short text file. Parts in a part (`multipart/mixed`, RFC 2388)
 * are values of its field.
 */
export function readMultipart(
  body: Buffer,
  {
    boundary,
    charset: declared,
    unfolds,
  }: { boundary?: string | undefined; charset?: string | undefined; unfolds?: string | undefined },
): ParsedPayload {
  const isDeclared = boundary !== undefined && BOUNDARY.test(boundary);
  const isThere = isDeclared && beginningOf(body, boundary) !== undefined;
  const used = isThere ? boundary : (FIRST_LINE.exec(body.toString('latin1', 0, 300))?.[1] ?? boundary);
  if (used === undefined || !BOUNDARY.test(used))
    return refuse('invalid_form', 'The Content-Type multipart/form-data has no valid boundary parameter.');
  const outer = partsOf(body, used);
  if (!Array.isArray(outer)) return outer;
  const parts = outer.flatMap(partsIn);
  if (parts.length > MAX_FORM_FIELDS) return tooManyFields(MAX_FORM_FIELDS);
  const charsets = ownCharsets(parts, isUtf16(declared) ? UTF8 : declared);
  const decode = createDecode();
  const fields: Field[] = [];
  const files: FilePart[] = [];
  let characters = 0;
  for (const part of parts) {
    const { essence, charset } = readMediaType(part.type);
    if (part.filename === undefined && !isFileType(essence)) {
      const decoded = decode(part.content, charset ?? charsets(part.name));
      if (!decoded.ok) return refuse('invalid_form', undecodable(`The form field ${part.name}`, decoded));
      fields.push([part.name, decoded.text]);
      characters += decoded.text.length;
      continue;
    }
    const file = { filename: part.filename ?? part.name, media_type: essence || 'application/octet-stream' };
    const text = isFileType(essence) ? undefined : textOfFile(part.content, charset, decode);
    fields.push([part.name, { ...file, bytes: part.content.length, ...(text !== undefined && { text }) }]);
    characters += text?.length ?? 0;
    if (isNoFile(part)) continue;
    const { raw, encoding } = part;
    const place = { at: offsetIn(body, raw), bytes: raw.length };
    files.push({ ...file, ...place, ...(encoding && { encoding }) });
  }
  if (characters > MAX_PAYLOAD_BYTES)
    return refuse('payload_too_large', `The form's texts are larger than ${MAX_PAYLOAD_BYTES} bytes.`);
  const size = files.reduce((total, { bytes }) => total + bytes, 0);
  if (size > MAX_FILES_BYTES) return filesTooLarge(size);
  if (files.length > MAX_FILES)
    return refuse('payload_too_large', `A form may have at most ${MAX_FILES} files.`);
  const read = payloadOf(fields, 'multipart', unfolds);
  return read.ok ? { ...read, files } : read;
}

/** Whether a part is a file input of a page in which nobody has chosen a file. */
const isNoFile = ({ filename, raw }: Part): boolean => filename === '' && raw.length === 0;

/** The parts of a part that has some; itself for any other, and for one that is malformed. */
function partsIn(part: Part): Part[] {
  const { essence, boundary } = readMediaType(part.type);
  if (part.filename !== undefined || !essence.startsWith('multipart/') || boundary === undefined)
    return [part];
  const inner = BOUNDARY.test(boundary) ? partsOf(part.raw, boundary, part.name) : undefined;
  return Array.isArray(inner) && inner.length > 0 ? inner : [part];
}

/** @param outer the name of parts that have none */
function partsOf(body: Buffer, boundary: string, outer?: string): Part[] | Refused {
  const malformed = (reason: string) => refuse('invalid_form', `The multipart body is malformed: ${reason}.`);
  const parts: Part[] = [];
  const start = beginningOf(body, boundary);
  if (start === undefined) return malformed('the boundary of Content-Type does not occur in it');
  let headersAt = start + `--${boundary}\r\n`.length;
  try {
    const limits = {
      boundary,
      maxFileSize: body.length,
      maxTotalSize: body.length,
      maxParts: MAX_FORM_FIELDS + 1,
    };
    for (const part of parseMultipart(body.subarray(start), limits)) {
      if (parts.length === MAX_FORM_FIELDS) return tooManyFields(MAX_FORM_FIELDS);
      const read = readPart(part, body, headersAt, outer);
      if (read === undefined) return malformed(`part ${parts.length + 1} has no name`);
      if (Math.max(read.name.length, read.filename?.length ?? 0) > MAX_NAME)
        return malformed(`the name of part ${parts.length + 1} has more than ${MAX_NAME} characters`);
      parts.push(read);
      headersAt = offsetIn(body, read.raw) + read.raw.length + `\r\n--${boundary}\r\n`.length;
    }
  } catch (error) {
    if (error instanceof MultipartParseError) return malformed(reasonOf(error, body, boundary));
    // Thrown by the decoder of a part's headers.
    if (error instanceof TypeError) return malformed('the headers of a part are not valid UTF-8');
    throw error;
  }
  return parts;
}

/** The parser has one message for all that it finds no end of. */
function reasonOf({ message }: MultipartParseError, body: Buffer, boundary: string): string {
  if (!message.includes('not finished')) return message;
  if (!body.includes('\r\n')) return 'its lines must end in CR and LF';
  return body.includes(`\r\n--${boundary}--`)
    ? 'a part has no empty line behind its headers'
    : 'the boundary that ends it is missing';
}

/** Where the first boundary is. Text before it is to be ignored (RFC 2046, 5.1.1). */
function beginningOf(body: Buffer, boundary: string): number | undefined {
  if (body.indexOf(`--${boundary}`) === 0) return 0;
  const at = body.indexOf(`\n--${boundary}`);
  return at === -1 ? undefined : at + 1;
}

/** Where a view of a body begins in it. */
const offsetIn = (body: Buffer, view: Buffer): number => view.byteOffset - body.byteOffset;

function readPart(
  part: MultipartPart,
  body: Buffer,
  headersAt: number,
  outer: string | undefined,
): Part | undefined {
  const contentAt = body.indexOf(HEADERS_END, headersAt) + HEADERS_END.length;
  const [first, ...more] = part.content;
  if (more.length > 0) throw new Error('a part of a whole body came in pieces');
  const raw = first
    ? Buffer.from(first.buffer, first.byteOffset, first.length)
    : body.subarray(contentAt, contentAt);
  const folded = Object.values(part.headers).some((header) => isFolded(header))
    ? unfoldedHeaders(body.subarray(headersAt, contentAt - HEADERS_END.length))
    : undefined;
  const headers: PartHeaders = folded ?? { ...part.headers };
  const disposition = headers['content-disposition'] ?? '';
  const name = part.name ?? nameIn(disposition) ?? outer;
  if (name === undefined) return undefined;
  const filename = filenameIn(disposition, () => part.filename);
  const encoding = transferEncodingOf(headers['content-transfer-encoding'], raw);
  const content = decodeTransfer(raw, encoding);
  return { name, filename, type: headers['content-type'], raw, encoding, content };
}

/** Which charset a field without one of its own has: SendGrid's `charsets` names one for each field. */
function ownCharsets(parts: readonly Part[], declared = UTF8): (name: string) => string {
  const fieldOf = (wanted: string) =>
    parts
      .find(({ name, content }) => name === wanted && content.length < MAX_NAME)
      ?.content.toString('latin1');
  const form = [fieldOf('_charset_'), fieldOf('charset')]
    .flatMap((label) => (label && charsetOfForm(label)) || [])
    .at(0);
  let byField: Record<string, unknown> = {};
  try {
    byField = Object(JSON.parse(fieldOf('charsets') ?? '{}'));
  } catch {
    // Another sender's field.
  }
  /** By label, because asking whether one is known takes long. */
  const known = new Map<string, boolean>();
  return (name) => {
    const label = Object.hasOwn(byField, name) ? byField[name] : undefined;
    if (typeof label !== 'string') return form ?? declared;
    const isKnown = known.get(label) ?? charsetOf(label) !== undefined;
    known.set(label, isKnown);
    return isKnown ? label : (form ?? declared);
  };
}

function textOfFile(content: Buffer, charset: string | undefined, decode: Decode): string | undefined {
  if (content.length > MAX_FILE_TEXT || content.includes(0)) return undefined;
  const decoded = decode(content, charset ?? UTF8);
  return decoded.ok ? decoded.text : undefined;
}
