import { jsonShape, parseExact } from '@agenthook/json';
import { type Context, toValue } from 'liquidjs';

/** As deep as a payload may be. What is deeper cannot be serialised safely. */
const MAX_DEPTH = 64;

/**
 * The filter `parse_json`: the value of a text that is JSON, as forms carry it in a field. Other texts, and
 * JSON that nests too deeply, are nil. A value that is no text stays as it is.
 */
export function parseJsonFilter(this: { context: Context } | undefined, input: unknown): unknown {
  const text: unknown = toValue(input);
  if (typeof text !== 'string') return text;
  this?.context.memoryLimit.use(text.length);
  try {
    const { depth, fitsDoubles } = jsonShape(text);
    if (depth > MAX_DEPTH) return undefined;
    return fitsDoubles ? JSON.parse(text) : parseExact(text);
  } catch {
    return undefined;
  }
}
