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
  const texts = new Map<unknown, string>();
  /** The calls whose arguments came. */
  const called = new Set<unknown>();
  /** Whether a call is lost, because its item never came. The rest is no answer without it. */
  const isTorn = (end: Json): boolean => {
    const calls = [...items.values()].filter(({ type }) => type === 'function_call');
    return end.status === 'completed' && !hasItems(end) && calls.length < called.size;
  };
  return {
    add: ({ type, response: given, item, output_index, item_id, delta, code, message }) => {
      // Some gateways make a new id for each event.
      const place = output_index ?? item_id;
      if (type === 'error') response = { error: { code, message } };
      if (type === 'response.output_item.done' && isJsonObject(item)) {
        items.set(`${output_index} ${item.id || item.call_id || items.size}`, item);
        if (item.type === 'message') texts.clear();
        return textIn(item) + PART;
      }
      if (type === 'response.output_text.delta' && typeof delta === 'string') {
        const before = texts.get(place);
        texts.set(place, (before ?? '') + delta);
        return delta.length + (before === undefined ? PART : 0);
      }
      if (type === 'response.function_call_arguments.delta' && !called.has(place)) {
        called.add(place);
        return textIn(place) + PART;
      }
      if (typeof type === 'string' && ENDS.has(type) && isJsonObject(given)) response = given;
      return 0;
    },
    isComplete: () => response !== undefined && !isTorn(response),
    whole: () => {
      const output = [...items.values(), ...[...texts.values()].map(messageOf)];
      return response && (hasItems(response) || response.error || output.length === 0)
        ? response
        : { ...response, output };
    },
  };
}

const hasItems = ({ output }: Json): boolean => Array.isArray(output) && output.length > 0;
