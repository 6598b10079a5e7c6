import { isJsonObject } from '@agenthook/json';
import { type Json, parseOrUndefined } from '../json.js';
import { type Collector, textIn } from './collector.js';

/**
 * Collects the chunks of a streamed chat completion into the completion:
 * https://platform.openai.com/docs/api-reference/chat/streaming
 */
export function collectChat(): Collector {
  let head: Json | undefined;
  let usage: unknown;
  let finish: unknown = null;
  let isOver = false;
  /** The index of the only choice that is read. Nobody asks for more than one. */
  let chosen: unknown;
  const message: Json = {};
  const calls = collectCalls();
  return {
    add: (chunk) => {
      head ??= chunk;
      const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isJsonObject) : [];
      chosen ??= choices[0]?.index;
      const choice = choices.find(({ index }) => (index ?? chosen) === chosen);
      const groq = isJsonObject(chunk.x_groq) ? chunk.x_groq.usage : undefined;
      // Moonshot counts in the choice.
      usage = chunk.usage ?? groq ?? choice?.usage ?? usage;
      if (!choice) {
        // The chunk that only counts comes last.
        isOver ||= head !== chunk && choices.length === 0 && isJsonObject(chunk.usage);
        return 0;
      }
      finish = choice.finish_reason ?? finish;
      const delta = choice.delta ?? choice.message ?? { content: choice.text ?? null };
      if (!isJsonObject(delta)) return 0;
      const { tool_calls, ...rest } = delta;
      append(message, rest);
      const given = Array.isArray(tool_calls) ? tool_calls : isJsonObject(tool_calls) ? [tool_calls] : [];
      for (const call of given) if (isJsonObject(call)) calls.add(call);
      return textIn(delta);
    },
    // Some servers never say why they end.
    isComplete: (isDone) => finish !== null || (head !== undefined && (isDone || isOver)),
    whole: () => {
      const { choices: _choices, x_groq: _groq, ...about } = head ?? {};
      const tool_calls = calls.list.length > 0 ? { tool_calls: calls.list } : {};
      return {
        ...about,
        usage,
        choices: [{ index: 0, finish_reason: finish, message: { ...message, ...tool_calls } }],
      };
    },
  };
}

/** Puts the calls of a stream together from their parts. */
function collectCalls(): { list: Json[]; add(part: Json): void } {
  const list: Json[] = [];
  const byIndex = new Map<unknown, Json>();
  return {
    list,
    add: ({ index: given, ...part }) => {
      const index = typeof given === 'string' && given !== '' ? Number(given) : given;
      const hasIndex = typeof index === 'number';
      const known = hasIndex ? byIndex.get(index) : list.at(-1);
      if (known && !beginsAnother(known, part)) {
        extend(known, part);
        return;
      }
      const call: Json = {};
      extend(call, part);
      list.push(call);
      if (hasIndex) byIndex.set(index, call);
    },
  };
}

/**
 * Whether a part is the beginning of another call than `call`. Servers without indexes, or with index 0 for
 * all, show it by another id with a name, by another name, or by arguments after complete ones.
 */
function beginsAnother(call: Json, part: Json): boolean {
  const known = isJsonObject(call.function) ? call.function : {};
  const given = isJsonObject(part.function) ? part.function : {};
  if (!given.name) return false;
  if (known.name && given.name !== known.name) return true;
  const said = typeof known.arguments === 'string' ? known.arguments : '';
  const isWhole = isJsonObject(parseOrUndefined(said));
  if (!part.id || !call.id) return isWhole;
  // Some servers make a new id for each part. The rest of an object does not begin as one.
  const goesOn = said !== '' && !isWhole && typeof given.arguments === 'string';
  return part.id !== call.id && !(goesOn && !/^\s{0,9}\{/.test(given.arguments as string));
}

function extend(call: Json, { function: given, ...about }: Json): void {
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

/**
 * Adds a delta: texts and lists grow, other values are replaced by their kind. A prototype is never a field.
 */
function append(to: Json, delta: Json): void {
  for (const [key, value] of Object.entries(delta)) {
    if (key === '__proto__') continue;
    const before = Object.hasOwn(to, key) ? to[key] : undefined;
    if ((value ?? null) === null && before !== undefined) continue;
    if (key !== 'role' && typeof before === 'string' && typeof value === 'string') to[key] = before + value;
    else if (Array.isArray(before) && Array.isArray(value)) for (const each of value) before.push(each);
    else if (isJsonObject(before) && isJsonObject(value)) append(before, value);
    else if (Array.isArray(before) && typeof value === 'string') before.push(value);
    else if (typeof before === 'string' && Array.isArray(value))
      to[key] = before === '' ? value : [before, ...value];
    else if (before === '' || (before ?? null) === null || typeof before === typeof value) to[key] = value;
  }
}
