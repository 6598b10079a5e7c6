import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';
import { type Collector, PART, textIn } from './collector.js';

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

const messageOf = (text: string, at: number): Json => ({
  type: 'message',
  id: `msg_${at}`,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

/**
 * The response that the last event of a streamed response holds:
 * https://platform.openai.com/docs/api-reference/responses-streaming. Where a server leaves out its items, they
 * are those of the events before.
 */
export function collectResponse(): Collector {
  let response: Json | undefined;
  /** By their places and ids: an item that comes twice is one. */
  const items = new Map<string, Json>();
  /** Texts of which no item says that it is done. */
  const texts = new Map<string, string>();
  return {
    add: ({ type, response: given, item, output_index, item_id, delta, code, message }) => {
      if (type === 'error') response = { error: { code, message } };
      if (type === 'response.output_item.done' && isJsonObject(item)) {
        items.set(`${output_index} ${item.id || item.call_id || items.size}`, item);
        if (item.type === 'message') texts.clear();
        return textIn(item) + PART;
      }
      if (type === 'response.output_text.delta' && typeof delta === 'string') {
        const key = `${output_index} ${item_id}`;
        const before = texts.get(key);
        texts.set(key, (before ?? '') + delta);
        return delta.length + (before === undefined ? PART : 0);
      }
      if (typeof type !== 'string' || !ENDS.has(type) || !isJsonObject(given)) return 0;
      const hasItems = Array.isArray(given.output) && given.output.length > 0;
      const collected = [...items.values(), ...[...texts.values()].map(messageOf)];
      response = hasItems || collected.length === 0 ? given : { ...given, output: collected };
      return 0;
    },
    isComplete: () => response !== undefined,
    whole: () => response ?? {},
  };
}
