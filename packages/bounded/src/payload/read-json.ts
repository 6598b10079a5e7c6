import { MAX_EXACT_NUMBERS, MAX_PAYLOAD_DEPTH } from '@agenthook/contracts';
import { jsonShape, parseExact } from '@agenthook/json';
import { parse as parseSafely } from 'secure-json-parse';
import { type ParsedPayload, refuse } from './parsed.js';
import { lineAndColumn, placeOfFault } from './place-of-fault.js';

const EXACT = 'numbers that no double holds';

/** V8's reason quotes the sender's own text around the error. Where it is comes at the end. */
function reasonOf(error: Error, text: string): string {
  const at = placeOfFault(text);
  const reason = error.message.replace(/(?: in JSON)? at position \d.*$/, '').slice(0, 200);
  return at === -1 ? reason : `${reason} (${lineAndColumn(text, at)})`;
}

/** Parses the text of a JSON payload: any value except null. */
export function readJson(text: string): ParsedPayload {
  let payload: unknown;
  try {
    payload = parseSafely(text, null, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    return refuse('invalid_json', `The body is not valid JSON: ${reasonOf(error as Error, text)}.`);
  }
  if (payload === null)
    return refuse('invalid_json', 'The body is null; send a JSON object or another JSON value.');
  const { depth, fitsDoubles, exactNumbers } = jsonShape(text);
  if (depth > MAX_PAYLOAD_DEPTH)
    return refuse('payload_too_deep', `The body nests deeper than ${MAX_PAYLOAD_DEPTH} levels.`);
  if (exactNumbers > MAX_EXACT_NUMBERS)
    return refuse(
      'payload_too_large',
      `The body has ${exactNumbers} ${EXACT}, but may have ${MAX_EXACT_NUMBERS}.`,
    );
  return { ok: true, kind: 'json', payload: fitsDoubles ? payload : parseExact(text), json: text };
}

/** Whether a text is several lines, each of which is JSON. */
export function isJsonLines(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every(isJson);
}

/** Whether a text is JSON with a value other than null. */
export function isJson(text: string): boolean {
  if (!/^\s*[[{"\-\dtf]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
