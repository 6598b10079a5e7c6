import { parse as parseForm } from 'node:querystring';
import { detailOf, type ErrorCode, MAX_PAYLOAD_DEPTH } from '@agenthook/contracts';
import { jsonShape, parseExact } from '@agenthook/json';
import { parse as parseSafely } from 'secure-json-parse';

/** How to parse the bytes of a payload. A query string is a form in the URL. */
export type PayloadKind = 'json' | 'form' | 'query';

/** The payload, or why it is refused with the api's code and detail. */
export type ParsedPayload = { ok: true; payload: unknown } | { ok: false; code: ErrorCode; detail: string };

const MAX_FORM_FIELDS = 1_000;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const NO_BODY = detailOf('empty_body');
const EMPTY: Record<PayloadKind, string> = {
  json: NO_BODY,
  form: NO_BODY,
  query: 'The URL has no query string. Send the payload there, for example ?question=….',
};

const refuse = (code: ErrorCode, detail: string): ParsedPayload => ({ ok: false, code, detail });

function fromJson(text: string): ParsedPayload {
  let payload: unknown;
  try {
    payload = parseSafely(text, null, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    const reason = (error as Error).message;
    // V8's message quotes the sender's own text around the error.
    return refuse('invalid_json', `The body is not valid JSON: ${reason.slice(0, 200)}.`);
  }
  if (payload === null)
    return refuse('invalid_json', 'The body is null; send a JSON object or another JSON value.');
  const { depth, fitsDoubles } = jsonShape(text);
  if (depth > MAX_PAYLOAD_DEPTH) {
    return refuse('payload_too_deep', `The body nests deeper than ${MAX_PAYLOAD_DEPTH} levels.`);
  }
  return { ok: true, payload: fitsDoubles ? payload : parseExact(text) };
}

function fromForm(text: string, kind: PayloadKind): ParsedPayload {
  if (kind === 'form' && /^\s*[{[]/.test(text) && fromJson(text).ok) {
    return refuse('invalid_form', detailOf('invalid_form'));
  }
  // Counted here, because the parser silently drops fields beyond its limit.
  if (text.split('&', MAX_FORM_FIELDS + 1).length > MAX_FORM_FIELDS)
    return refuse('invalid_form', `A form may have at most ${MAX_FORM_FIELDS} fields.`);
  const fields = Object.entries(parseForm(text, '&', '=', { maxKeys: 0 }));
  const forbidden = fields.find(([name]) => FORBIDDEN_KEYS.has(name));
  if (forbidden) return refuse('invalid_form', `A form field must not be called ${forbidden[0]}.`);
  return { ok: true, payload: Object.fromEntries(fields) };
}

/**
 * Parses the payload of a webhook request from its raw bytes in linear time: any JSON value except null, or a
 * form or query string as an object. Keys `__proto__` and `constructor.prototype` are refused rather than
 * dropped, so that what is stored is what was sent.
 */
export function parsePayload(bytes: Buffer, kind: PayloadKind): ParsedPayload {
  if (bytes.length === 0) return refuse('empty_body', EMPTY[kind]);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(kind === 'json' ? 'invalid_json' : 'invalid_form', 'The payload is not valid UTF-8.');
  }
  if (text.trim() === '') return refuse('empty_body', EMPTY[kind]);
  return kind === 'json' ? fromJson(text) : fromForm(text, kind);
}
