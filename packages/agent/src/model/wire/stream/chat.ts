import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';
import { type Collector, textIn } from './collector.js';

/**
 * Collects the chunks of a streamed chat completion into the completion:
 * https://platform.openai.com/docs/api-reference/chat/streaming
 */
export function collectChat(): Collector {
  let head: Json | undefined;
  let usage: unknown;
  let finish: unknown = null;
  const message: Json = {};
  const calls: Json[] = [];
  return {
    add: (chunk) => {
      head ??= chunk;
      const groq = isJsonObject(chunk.x_groq) ? chunk.x_groq.usage : undefined;
      usage = chunk.usage ?? groq ?? usage;
      const [choice] = Array.isArray(chunk.choices) ? chunk.choices : [];
      if (!isJsonObject(choice)) return 0;
      finish = choice.finish_reason ?? finish;
      const delta = choice.delta ?? choice.message ?? { content: choice.text };
      if (!isJsonObject(delta)) return 0;
      const { tool_calls, ...rest } = delta;
      append(message, rest);
      const given = Array.isArray(tool_calls) ? tool_calls : isJsonObject(tool_calls) ? [tool_calls] : [];
      for (const call of given) if (isJsonObject(call)) addCall(calls, call);
      return textIn(delta);
    },
    isComplete: () => finish !== null,
    whole: () => {
      const { choices: _choices, x_groq: _groq, ...about } = head ?? {};
      const tool_calls = calls.length > 0 ? { tool_calls: calls } : {};
      return {
        ...about,
        usage,
        choices: [{ index: 0, finish_reason: finish, message: { ...message, ...tool_calls } }],
      };
    },
  };
}

/** Adds a part of a call: to the one with its index, unless that has another id. */
function addCall(calls: Json[], { index, ...part }: Json): void {
  const last = calls.length - 1;
  const place = typeof index === 'number' && index >= 0 ? Math.min(index, calls.length) : Math.max(last, 0);
  const isNew = (call: Json | undefined) => !call || (part.id && call.id && call.id !== part.id);
  const call = [calls[place], calls[last]].find((each) => !isNew(each));
  if (!call) {
    calls.push(part);
    return;
  }
  const { function: given, ...about } = part;
  for (const [key, value] of Object.entries(about))
    if (key !== '__proto__' && (value || call[key] === undefined)) call[key] = value;
  if (!isJsonObject(given)) return;
  if (!isJsonObject(call.function)) call.function = {};
  const { name, ...rest } = given;
  const known = call.function as Json;
  // Some servers repeat the whole name in each chunk; none sends it in pieces.
  if (name) known.name = name;
  append(known, rest);
}

/** Adds a delta: texts and lists grow, other values are replaced. A prototype is never a field. */
function append(to: Json, delta: Json): void {
  for (const [key, value] of Object.entries(delta)) {
    if (key === '__proto__') continue;
    const before = Object.hasOwn(to, key) ? to[key] : undefined;
    if (value === null && before !== undefined) continue;
    if (key !== 'role' && typeof before === 'string' && typeof value === 'string') to[key] = before + value;
    else if (Array.isArray(before) && Array.isArray(value)) for (const each of value) before.push(each);
    else if (isJsonObject(before) && isJsonObject(value)) append(before, value);
    else to[key] = value;
  }
}
