import { isUtf8 } from 'node:buffer';
import { MAX_FILES, MAX_FILES_BYTES, MAX_FORM_FIELDS, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import {
  charsetOf,
  charsetOfForm,
  createDecode,
  type Decode,
  isWide,
  UTF8,
  undecodable,
} from './decode-text.js';
import { type Field, payloadOf, tooManyFields } from './fields.js';
import { isFileType, readMediaType } from './media-type.js';
import { type FilePart, filesTooLarge, type ParsedPayload, type Refused, refuse } from './parsed.js';
import { headersOf, namesIn } from './part-headers.js';
import { type RawPart, splitParts } from './split-parts.js';
import { decodeTransfer, type TransferEncoding, transferEncodingOf } from './transfer-encoding.js';

/** Longest name of a field or a file, in characters. */
const MAX_NAME = 1_000;
/** Longest text that a file's entry in the payload repeats, in bytes. */
const MAX_FILE_TEXT = 64 * 1024;
/** RFC 2046 allows 70 characters; some senders use more. */
const BOUNDARY = /^[\x20-\x7e]{1,200}$/;
/** The first line of a body, for senders whose header names no boundary, or another one. */
const FIRST_LINE = /^\s{0,9}--([\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?)\r?\nContent-/i;

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
  const isThere = isDeclared && body.includes(`--${boundary}`);
  const used = isThere ? boundary : (FIRST_LINE.exec(body.toString('latin1', 0, 300))?.[1] ?? boundary);
  if (used === undefined || !BOUNDARY.test(used))
    return refuse('invalid_form', 'The Content-Type multipart/form-data has no valid boundary parameter.');
  const charset = isWide(declared) ? UTF8 : declared;
  const decode = createDecode();
  const textOfHead = (head: Buffer) => {
    const decoded = decode(head, isUtf8(head) ? UTF8 : (charset ?? UTF8));
    return decoded.ok ? decoded.text : undefined;
  };
  const outer = partsOf(body, used, textOfHead);
  if (!Array.isArray(outer)) return outer;
  const parts = outer.flatMap((part) => partsIn(part, textOfHead));
  if (parts.length > MAX_FORM_FIELDS) return tooManyFields(MAX_FORM_FIELDS);
  const charsets = ownCharsets(parts, charset);
  const fields: Field[] = [];
  const files: FilePart[] = [];
  let characters = 0;
  for (const part of parts) {
    const { essence, charset: own } = readMediaType(part.type);
    if (part.filename === undefined && !isFileType(essence)) {
      const decoded = decode(part.content, own ?? charsets(part.name));
      if (!decoded.ok) return refuse('invalid_form', undecodable(`The form field ${part.name}`, decoded));
      fields.push([part.name, decoded.text]);
      characters += decoded.text.length;
      continue;
    }
    const file = { filename: part.filename ?? part.name, media_type: essence || 'application/octet-stream' };
    const text = isFileType(essence) ? undefined : textOfFile(part.content, own, decode);
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

/** The headers of a part from their bytes; undefined if they cannot be decoded. */
type TextOfHead = (head: Buffer) => string | undefined;

/** The parts of a part that has some; itself for any other, and for one that is malformed. */
function partsIn(part: Part, textOfHead: TextOfHead): Part[] {
  const { essence, boundary } = readMediaType(part.type);
  if (part.filename !== undefined || !essence.startsWith('multipart/') || boundary === undefined)
    return [part];
  const inner = BOUNDARY.test(boundary) ? partsOf(part.raw, boundary, textOfHead, part.name) : undefined;
  return Array.isArray(inner) && inner.length > 0 ? inner : [part];
}

/** @param outer the name of parts that have none */
function partsOf(body: Buffer, boundary: string, textOfHead: TextOfHead, outer?: string): Part[] | Refused {
  const malformed = (reason: string) => refuse('invalid_form', `The multipart body is malformed: ${reason}.`);
  const split = splitParts(body, boundary, MAX_FORM_FIELDS);
  if (typeof split === 'string') return malformed(split);
  if (split.length > MAX_FORM_FIELDS) return tooManyFields(MAX_FORM_FIELDS);
  const parts: Part[] = [];
  for (const one of split) {
    const head = textOfHead(one.head);
    if (head === undefined) return malformed('the headers of a part are not valid UTF-8');
    const read = readPart(head, one, outer);
    if (read === undefined) return malformed(`part ${parts.length + 1} has no name`);
    if (Math.max(read.name.length, read.filename?.length ?? 0) > MAX_NAME)
      return malformed(`the name of part ${parts.length + 1} has more than ${MAX_NAME} characters`);
    parts.push(read);
  }
  return parts;
}

/** Where a view of a body begins in it. */
const offsetIn = (body: Buffer, view: Buffer): number => view.byteOffset - body.byteOffset;

function readPart(head: string, { content: raw }: RawPart, outer: string | undefined): Part | undefined {
  const headers = headersOf(head);
  const { name = outer, filename } = namesIn(headers['content-disposition'] ?? '');
  if (name === undefined) return undefined;
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
