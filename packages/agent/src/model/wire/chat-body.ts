import { isJsonObject } from '@agenthook/json';
import { chatUsage } from './chat-usage.js';
import type { Json } from './json.js';

/**
 * A chat completion as OpenAI's schema has it, where servers differ: arguments as an object or null, the
 * older `function_call`, ids that are numbers, JSON as content, finish reasons of other APIs, counts that are
 * no numbers.
 * https://platform.openai.com/docs/api-reference/chat/object
 */
export function chatBody(body: Json, believesCost: boolean): Json {
  const [choice] = body.choices as Json[];
  return {
    ...body,
    id: ifString(body.id),
    created: typeof body.created === 'number' ? body.created : null,
    model: ifString(body.model),
    choices: [
      {
        ...choice,
        // Nobody reads them, and there is one for each token.
        logprobs: null,
        finish_reason: finishOf(ifString(choice?.finish_reason)),
        message: messageOf(choice?.message ?? choice?.delta ?? { content: choice?.text }),
      },
    ],
    usage: chatUsage(body.usage, ifString(body.service_tier), believesCost),
  };
}

function messageOf(given: unknown): Json {
  const message = isJsonObject(given) ? given : { content: given };
  const { content, tool_calls, function_call, reasoning_content, reasoning, thinking } = message;
  const calls = tool_calls ?? (isJsonObject(function_call) ? [{ function: function_call }] : null);
  return {
    ...message,
    role: 'assistant',
    content: Array.isArray(content) ? content.flatMap(partOf) : asText(content),
    // Ollama and others say `thinking`.
    reasoning_content: [reasoning_content, reasoning, thinking].find((text) => ifString(text)) ?? null,
    reasoning: null,
    tool_calls: isJsonObject(calls) ? [callOf(calls)] : Array.isArray(calls) ? calls.map(callOf) : null,
  };
}

/** A part of a content that is a list. Only a part with a type is readable. */
function partOf(given: unknown): Json[] {
  if (typeof given === 'string') return [{ type: 'text', text: given }];
  if (!isJsonObject(given)) return [];
  const { type, text, thinking } = given;
  if (typeof thinking === 'string')
    return [{ type: 'thinking', thinking: [{ type: 'text', text: thinking }] }];
  if (typeof text === 'string') return [{ ...given, type: 'text' }];
  return typeof type === 'string' ? [given] : [];
}

/** How other APIs say that an answer was cut or refused, as gateways pass it on. */
const CUT =
  /^(?:length|max_?tokens|max_output_tokens|max_length|model_length|truncated|repetition|(?:model_)?context_(?:window|length)_exceeded)$/i;
const REFUSED = /^(?:content_?filter|safety|prohibited_content|blocklist|recitation|refusal|sensitive)$/i;

function finishOf(reason: string | null): string | null {
  if (reason === null) return null;
  if (CUT.test(reason)) return 'length';
  return REFUSED.test(reason) ? 'content_filter' : reason;
}

/** A call. Some servers leave out the object around its name and arguments. */
function callOf(given: unknown): Json {
  const call = isJsonObject(given) ? given : {};
  const { name, arguments: named, parameters, input } = isJsonObject(call.function) ? call.function : call;
  const args = named ?? parameters ?? input;
  return {
    ...call,
    id: typeof call.id === 'number' ? String(call.id) : ifString(call.id),
    function: { name: ifString(name) ?? '', arguments: asText(args) ?? '{}' },
  };
}

const ifString = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const asText = (value: unknown): string | null =>
  typeof value === 'string' || (value ?? null) === null ? ((value as string) ?? null) : JSON.stringify(value);
