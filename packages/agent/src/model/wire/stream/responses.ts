import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';
import { type Collector, PART, textIn } from './collector.js';

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/**
 * The response that the last event of a streamed response holds:
 * https://platform.openai.com/docs/api-reference/responses-streaming. Where a server leaves out its items, they
 * are those of the events before.
 */
export function collectResponse(): Collector {
  let response: Json | undefined;
  const items: Json[] = [];
  return {
    add: ({ type, response: given, item, code, message }) => {
      if (type === 'error') response = { error: { code, message } };
      if (type === 'response.output_item.done' && isJsonObject(item)) {
        items.push(item);
        return textIn(item) + PART;
      }
      if (typeof type !== 'string' || !ENDS.has(type) || !isJsonObject(given)) return 0;
      const hasItems = Array.isArray(given.output) && given.output.length > 0;
      response = hasItems || items.length === 0 ? given : { ...given, output: items };
      return 0;
    },
    isComplete: () => response !== undefined,
    whole: () => response ?? {},
  };
}
