import { isJsonObject } from '@agenthook/json';
import { chatUsage } from './chat-usage.js';
import type { Json } from './json.js';

/**
 * A chat completion as OpenAI's schema has it, where servers differ: arguments as an object or null, the
 * older `function_call`, ids that are numbers, JSON as content, counts that are no numbers.
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
        finish_reason: ifString(choice?.finish_reason),
        message: messageOf(choice?.message ?? choice?.delta ?? { content: choice?.text }),
      },
    ],
    usage: chatUsage(body.usage, ifString(body.service_tier), believesCost),
  };
}

function messageOf(given: unknown): Json {
  const message = isJsonObject(given) ? given : { content: given };
  const { content, tool_calls, function_call, reasoning_content, reasoning } = message;
  const calls = tool_calls ?? (isJsonObject(function_call) ? [{ function: function_call }] : null);
  return {
    ...message,
    role: 'assistant',
    content: typeof content === 'string' || Array.isArray(content) ? content : asText(content),
    reasoning_content: ifString(reasoning_content),
    reasoning: ifString(reasoning),
    tool_calls: isJsonObject(calls) ? [callOf(calls)] : Array.isArray(calls) ? calls.map(callOf) : null,
  };
}

/** A call. Some servers leave out the object around its name and arguments. */
function callOf(given: unknown): Json {
  const call = isJsonObject(given) ? given : {};
  const { name, arguments: args } = isJsonObject(call.function) ? call.function : call;
  return {
    ...call,
    id: typeof call.id === 'number' ? String(call.id) : ifString(call.id),
    function: { name: ifString(name) ?? '', arguments: asText(args) ?? '{}' },
  };
}

const ifString = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const asText = (value: unknown): string | null =>
  typeof value === 'string' || (value ?? null) === null ? ((value as string) ?? null) : JSON.stringify(value);
