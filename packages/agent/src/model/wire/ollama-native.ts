import { isJsonObject } from '@agenthook/json';
import { type Json, parseOrUndefined } from './json.js';

type Fetch = typeof globalThis.fetch;

const COMPATIBLE_PATH = '/v1/chat/completions';
const NATIVE_PATH = '/api/chat';

/**
 * A fetch that sends chat completions to Ollama's own API, because only that takes a context window, and
 * turns its answers into chat completions. A proxy without that API gets the completion with the window in
 * `options`. https://docs.ollama.com/api/chat, https://docs.ollama.com/context-length
 */
export function nativeOllama(fetch: Fetch, num_ctx: number): Fetch {
  return async (url, init) => {
    const asked = typeof init?.body === 'string' ? parseOrUndefined(init.body) : undefined;
    const address = String(url);
    if (!isJsonObject(asked) || !address.endsWith(COMPATIBLE_PATH)) return fetch(url, init);
    const options = { num_ctx, ...(isJsonObject(asked.options) ? asked.options : {}) };
    const send = (to: string, body: Json) => fetch(to, { ...init, body: JSON.stringify(body) });
    if (asked.stream !== true) {
      const native = `${address.slice(0, -COMPATIBLE_PATH.length)}${NATIVE_PATH}`;
      const response = await send(native, nativeRequest(asked, options));
      if (response.status !== 404 || (await isModelMissing(response.clone()))) return completionOf(response);
      await response.body?.cancel();
    }
    return send(address, { ...asked, options });
  };
}

/** Ollama answers 404 for a model that it does not have, too. */
async function isModelMissing(response: Response): Promise<boolean> {
  const body = parseOrUndefined(await response.text());
  return isJsonObject(body) && typeof body.error === 'string';
}

function nativeRequest(asked: Json, given: Json): Json {
  const { messages, max_tokens, temperature, top_p, seed, response_format, reasoning_effort, ...rest } =
    asked;
  const {
    tool_choice: _choice,
    stream: _stream,
    stream_options: _options,
    options: _given,
    ...fields
  } = rest;
  const names = new Map<unknown, unknown>();
  const options = { ...given, temperature, top_p, seed, num_predict: max_tokens };
  return {
    ...fields,
    messages: Array.isArray(messages) ? messages.map((message) => nativeMessage(message, names)) : [],
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    ...formatOf(response_format),
    ...(reasoning_effort !== undefined && { think: thinkOf(reasoning_effort) }),
  };
}

/** @param names the names of the called tools by the ids of their calls */
function nativeMessage(message: Json, names: Map<unknown, unknown>): Json {
  const { role, content, tool_calls, tool_call_id, reasoning_content } = message;
  const calls = Array.isArray(tool_calls) ? (tool_calls as { id: string; function: Json }[]) : [];
  for (const { id, function: called } of calls) names.set(id, called.name);
  const parts = Array.isArray(content) ? (content as Json[]) : [{ type: 'text', text: content ?? '' }];
  const images = parts.flatMap(({ image_url }) => (isJsonObject(image_url) ? [bytesOf(image_url.url)] : []));
  return {
    role,
    content: parts
      .map(({ text }) => (typeof text === 'string' ? text : ''))
      .join('\n')
      .trim(),
    ...(images.length > 0 && { images }),
    ...(typeof reasoning_content === 'string' && { thinking: reasoning_content }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ function: { name, arguments: args } }) => ({
        function: { name, arguments: parseOrUndefined(String(args)) ?? {} },
      })),
    }),
    ...(role === 'tool' && { tool_name: names.get(tool_call_id) }),
  };
}

/** The base64 of a data URL. */
const bytesOf = (url: unknown): string => String(url).slice(String(url).indexOf(',') + 1);

function formatOf(format: unknown): Json {
  if (!isJsonObject(format)) return {};
  const { json_schema } = format;
  return { format: isJsonObject(json_schema) ? json_schema.schema : 'json' };
}

/** Models that reason take a boolean; some of them also a level. */
function thinkOf(effort: unknown): unknown {
  if (effort === 'none') return false;
  return effort === 'low' || effort === 'medium' || effort === 'high' ? effort : true;
}

async function completionOf(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const text = await response.text();
  const { status, headers } = response;
  const said = parseOrUndefined(text);
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length']) kept.delete(name);
  if (!isJsonObject(said) || !isJsonObject(said.message))
    return new Response(text, { status, headers: kept });
  const { message, done_reason, prompt_eval_count: input, eval_count: output } = said;
  const { content, thinking, tool_calls } = message;
  const calls = Array.isArray(tool_calls)
    ? tool_calls.map((call, n) => ({ id: `call_${n}`, ...call }))
    : undefined;
  const completion = {
    object: 'chat.completion',
    model: said.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, reasoning_content: thinking, tool_calls: calls },
        finish_reason: calls ? 'tool_calls' : done_reason,
      },
    ],
    // The tokens of a prompt that it has cached are missing.
    usage: { prompt_tokens: input, completion_tokens: output },
  };
  return new Response(JSON.stringify(completion), { status, headers: kept });
}
