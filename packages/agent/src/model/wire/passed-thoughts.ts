import { isJsonObject } from '@agenthook/json';
import { type Json, parseOrUndefined } from './json.js';

type Fetch = typeof globalThis.fetch;

/** How much of a refusal is read, in characters. */
const READ = 4_000;
/**
 * The refusals of DeepSeek and Kimi, which want each call of the history with the thoughts before it. Calls
 * without thoughts, and those of another model, have none.
 */
const WANTS_THOUGHTS =
  /(?:reasoning_content|thinking)\b.{0,80}\b(?:must be passed back|is missing)|missing .{0,5}reasoning_content/i;

/** A fetch that gives a server thoughts with each call of the history, if it refuses a request without. */
export function createPassedThoughts(fetch: Fetch): Fetch {
  /** Models whose servers have refused, by URL and name. */
  const strict = new Set<string>();
  return async (url, init) => {
    const path = new URL(String(url)).pathname;
    const add = path.endsWith('/chat/completions')
      ? toChat
      : path.endsWith('/messages')
        ? toMessage
        : undefined;
    const body = add && typeof init?.body === 'string' ? parseOrUndefined(init.body) : undefined;
    if (!add || !isJsonObject(body)) return await fetch(url, init);
    const key = `${url} ${body.model}`;
    const more = () => fetch(url, { ...init, body: JSON.stringify(withThoughts(body, add)) });
    if (strict.has(key)) return await more();
    const response = await fetch(url, init);
    if (response.status !== 400) return response;
    const { status, statusText, headers } = response;
    const text = await response.text();
    if (!WANTS_THOUGHTS.test(text.slice(0, READ))) return new Response(text, { status, statusText, headers });
    const again = await more();
    // A refusal may quote an event, whose words must not change later requests.
    if (again.ok) strict.add(key);
    return again;
  };
}

function withThoughts(body: Json, add: (message: Json) => Json): Json {
  const { messages } = body;
  if (!Array.isArray(messages)) return body;
  const isOwn = (message: unknown) => isJsonObject(message) && message.role === 'assistant';
  return { ...body, messages: messages.map((message) => (isOwn(message) ? add(message) : message)) };
}

/**
 * Names what was called: where all messages have the same words, models repeat those instead of an answer.
 */
const thoughtOf = (names: unknown[]): string =>
  names.length > 0 ? `I call ${names.join(', ')}.` : 'I answer.';

function toChat(message: Json): Json {
  if (message.reasoning_content) return message;
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const names = calls.map((call) => call?.function?.name);
  return { ...message, reasoning_content: thoughtOf(names) };
}

function toMessage(message: Json): Json {
  const { content } = message;
  const blocks = Array.isArray(content) ? content.filter(isJsonObject) : [{ type: 'text', text: content }];
  if (blocks.some(({ type }) => type === 'thinking')) return message;
  const names = blocks.filter(({ type }) => type === 'tool_use').map(({ name }) => name);
  return {
    ...message,
    content: [{ type: 'thinking', thinking: thoughtOf(names), signature: '' }, ...blocks],
  };
}
