import { isJsonObject, parseJson } from '@agenthook/json';
import type { SenderRequest } from '../request.js';

/** A property of the payload, such as `event.token`, which may be in the JSON of a form's field. */
export interface PropertyPlace {
  property: string;
  field?: string;
}

/**
 * The body of a request with a text at a property: as a further field of a form, else in the JSON. A body
 * that is neither stays as it is.
 */
export function withProperty(
  { body, headers }: Pick<SenderRequest, 'body' | 'headers'>,
  { property, field }: PropertyPlace,
  text: string,
): Buffer {
  if (!/^application\/x-www-form-urlencoded\b/i.test(String(headers['content-type'])))
    return Buffer.from(inJson(body.toString(), property, text) ?? body);
  if (field === undefined)
    return Buffer.concat([body, Buffer.from(`&${new URLSearchParams([[property, text]])}`)]);
  const form = new URLSearchParams(body.toString());
  form.set(field, inJson(form.get(field) ?? '', property, text) ?? '');
  return Buffer.from(`${form}`);
}

function inJson(json: string, property: string, text: string): string | undefined {
  const payload = objectOf(json);
  if (payload === undefined) return undefined;
  const names = property.split('.');
  const last = names.pop() ?? '';
  let place = payload;
  for (const name of names) {
    const inner = Object.hasOwn(place, name) ? place[name] : undefined;
    const next = isJsonObject(inner) ? inner : {};
    place[name] = next;
    place = next;
  }
  place[last] = text;
  return JSON.stringify(payload);
}

function objectOf(json: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(json);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
