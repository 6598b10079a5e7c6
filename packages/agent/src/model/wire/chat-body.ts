import { isJsonObject } from '@agenthook/json';
import { chatUsage } from './chat-usage.js';
import { type Json, parseOrUndefined } from './json.js';

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
        // Nobody reads them, and there is one for each token.
        logprobs: null,
        finish_reason: ifString(choice?.finish_reason),
        message: messageOf(choice?.message ?? choice?.delta ?? { content: choice?.text }),
      },
    ],
    usage: chatUsage(body.usage, ifString(body.service_tier), believesCost),
  };
}

function messageOf(given: unknown): Json {
  const message = isJsonObject(given) ? given : { content: given };
  const { content, function_call } = message;
  const tool_calls =
    typeof message.tool_calls === 'string' ? parseOrUndefined(message.tool_calls) : message.tool_calls;
  const calls = tool_calls ?? (isJsonObject(function_call) ? [{ function: function_call }] : null);
  return {
    ...message,
    role: 'assistant',
    content: Array.isArray(content) ? content.flatMap(partOf) : asText(content),
    reasoning_content: thoughtIn(message),
    reasoning: null,
    tool_calls: isJsonObject(calls) ? [callOf(calls)] : Array.isArray(calls) ? callsOf(calls) : null,
  };
}

/**
 * The thought of a message: in a text that servers name differently, or in the parts that OpenRouter
 * (https://openrouter.ai/docs/use-cases/reasoning-tokens) and LiteLLM add for models with several.
 */
function thoughtIn(message: Json): string | null {
  const { reasoning_content, reasoning, thinking, reasoning_text } = message;
  const whole = isJsonObject(reasoning) ? (reasoning.content ?? reasoning.text) : reasoning;
  const text = [reasoning_content, whole, thinking, reasoning_text].find((each) => ifString(each));
  if (typeof text === 'string') return text;
  const lists = [message.reasoning_details, message.thinking_blocks].filter(Array.isArray);
  const parts = (lists.find((list) => list.length > 0) ?? []).flatMap((part) =>
    isJsonObject(part)
      ? [ifString(part.text) ?? ifString(part.summary) ?? ifString(part.thinking) ?? '']
      : [],
  );
  return parts.join('') || null;
}

/** The calls of a list, without those that have neither a name nor arguments: some streams end with one. */
const callsOf = (calls: unknown[]): Json[] =>
  calls.map(callOf).filter(({ function: called }) => {
    const { name, arguments: args } = called as Json;
    return name !== '' || !NO_ARGUMENTS.has(args);
  });

const NO_ARGUMENTS = new Set<unknown>(['', '{}', 'null']);

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

/** A call. Some servers leave out the object around its name and arguments. */
function callOf(given: unknown): Json {
  const call = isJsonObject(given) ? given : {};
  const about = [call.function, call.custom].find(isJsonObject) ?? call;
  const { name, arguments: named, parameters, input } = about;
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
