import { isJsonObject } from '@agenthook/json';
import type { Json } from './json.js';

/** The items that the adapter knows beside calls of OpenAI's own tools, which no run offers. */
const ITEMS =
  /^(?:message|reasoning|function_call|compaction|mcp_(?:call|list_tools|approval_request)|(?:custom_tool|web_search|file_search|code_interpreter|image_generation|shell|apply_patch|tool_search)_call|shell_call_output|tool_search_output)$/;

/**
 * A response of OpenAI's API as its adapter reads it: items that it does not know are left out, and what
 * other servers of this API leave out is added. Commentary beside a final answer is removed.
 * Returns the same object if there is nothing to mend.
 * https://platform.openai.com/docs/api-reference/responses/object
 */
export function responseBody(body: Json): Json {
  const { output, error } = body;
  const items: unknown[] = Array.isArray(output) ? output : [];
  const known = items.filter((item): item is Json => isJsonObject(item) && ITEMS.test(String(item.type)));
  const hasFinal = known.some(isMessageOf('final_answer'));
  const mended = known.filter((item) => !(hasFinal && isMessageOf('commentary')(item))).map(mendItem);
  const isSame = mended.length === items.length && mended.every((item, at) => item === items[at]);
  if (!isJsonObject(error) && (isSame || !Array.isArray(output))) return body;
  return {
    ...body,
    ...(Array.isArray(output) && { output: mended }),
    // The adapter wants the type, which the API leaves out.
    ...(isJsonObject(error) && { error: { type: 'error', ...error } }),
  };
}

const isMessageOf =
  (phase: string) =>
  (item: Json): boolean =>
    item.type === 'message' && item.phase === phase;

/** An item with what its adapter needs; the same object if it has all of it. */
function mendItem(item: Json, at: number): Json {
  const id = textOr(item.id, `item_${at}`);
  switch (item.type) {
    case 'message': {
      const parts = Array.isArray(item.content)
        ? item.content
        : [{ type: 'output_text', text: item.content }];
      const content = parts.flatMap(mendPart);
      const isSame = content.length === parts.length && content.every((part, n) => part === parts[n]);
      return isSame && item.id === id && item.role === 'assistant'
        ? item
        : { ...item, id, role: 'assistant', content };
    }
    case 'function_call': {
      const { arguments: args } = item;
      const call_id = textOr(item.call_id, id);
      const text = typeof args === 'string' ? args : JSON.stringify(args ?? {});
      return item.id === id && item.call_id === call_id && args === text
        ? item
        : { ...item, id, call_id, arguments: text };
    }
    case 'reasoning':
      return item.id === id && Array.isArray(item.summary) ? item : { ...item, id, summary: summaryOf(item) };
    default:
      return item;
  }
}

/** Open models say the thought itself, in place of a summary. */
function summaryOf({ summary, content }: Json): Json[] {
  const parts = [summary, content].find((list): list is unknown[] => Array.isArray(list)) ?? [];
  return parts.flatMap((part) =>
    isJsonObject(part) && typeof part.text === 'string' ? [{ type: 'summary_text', text: part.text }] : [],
  );
}

/** A part of a message, with citations that the adapter knows; none for a part that is no text. */
function mendPart(part: unknown): Json[] {
  if (!isJsonObject(part)) return [];
  const { type, text, annotations } = part;
  if (type === 'refusal' && typeof part.refusal === 'string') return [part];
  if ((type !== 'output_text' && type !== 'text') || typeof text !== 'string') return [];
  const given: unknown[] = Array.isArray(annotations) ? annotations : [];
  const known = given.filter(isCitation);
  if (type === 'output_text' && known.length === given.length && Array.isArray(annotations)) return [part];
  return [{ type: 'output_text', text, annotations: known }];
}

/** The sources of a run are pages. */
const isCitation = (value: unknown): boolean =>
  isJsonObject(value) &&
  value.type === 'url_citation' &&
  typeof value.url === 'string' &&
  typeof value.title === 'string' &&
  typeof value.start_index === 'number' &&
  typeof value.end_index === 'number';

export const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;
