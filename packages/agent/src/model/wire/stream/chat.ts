import { isJsonObject } from '@agenthook/json';
import { type Json, parseOrUndefined } from '../json.js';
import { addFields, type Collector, PART, textIn } from './collector.js';
import { followJson } from './json-in-pieces.js';

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
  let calls = collectCalls();
  return {
    add: (chunk) => {
      head ??= chunk;
      const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isJsonObject) : [];
      chosen ??= choices[0]?.index;
      const choice = choices.find(({ index }) => (index ?? chosen) === chosen);
      const groq = isJsonObject(chunk.x_groq) ? chunk.x_groq.usage : undefined;
      // Moonshot counts in the choice.
      const counted = chunk.usage ?? groq ?? choice?.usage;
      // Some servers count nothing after they have counted.
      if (usage === undefined || !countsNothing(counted)) usage = counted ?? usage;
      if (!choice) {
        // The chunk that only counts comes last.
        isOver ||= head !== chunk && choices.length === 0 && isJsonObject(chunk.usage);
        return 0;
      }
      // Some servers say that it is not over with an empty text.
      if (!NOT_OVER.has(choice.finish_reason)) finish = choice.finish_reason;
      const delta = choice.delta ?? choice.message ?? { content: choice.text ?? null };
      if (!isJsonObject(delta)) return 0;
      const { tool_calls, ...rest } = delta;
      // MiniMax ends a stream with all of the answer.
      if (delta === choice.message && finish !== null) {
        for (const name of Object.keys(rest)) if (isGiven(rest[name])) delete message[name];
        if (isGiven(tool_calls)) calls = collectCalls();
      }
      append(message, rest);
      const given = Array.isArray(tool_calls) ? tool_calls : isJsonObject(tool_calls) ? [tool_calls] : [];
      const before = calls.list.length;
      for (const call of given) if (isJsonObject(call)) calls.add(call);
      return textIn(delta) + (calls.list.length - before) * PART;
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

const NOT_OVER = new Set<unknown>([undefined, null, '', 'null']);

const countsNothing = (usage: unknown): boolean =>
  isJsonObject(usage) && Object.values(usage).every((count) => typeof count === 'object' || count === 0);

const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

/** Puts the calls of a stream together from their parts. */
function collectCalls(): { list: Json[]; add(part: Json): void } {
  const list: Json[] = [];
  const byIndex = new Map<unknown, Json>();
  const followed = new Map<Json, ReturnType<typeof followArguments>>();
  const grow = (call: Json, part: Json) => {
    followed.get(call)?.add(part);
    extend(call, part);
  };
  return {
    list,
    add: ({ index: given, ...part }) => {
      const index = typeof given === 'string' && given !== '' ? Number(given) : given;
      const hasIndex = typeof index === 'number';
      const known = hasIndex ? byIndex.get(index) : list.at(-1);
      if (known && !beginsAnother(known, part, () => followed.get(known)?.areComplete(known) ?? false)) {
        grow(known, part);
        return;
      }
      const call: Json = {};
      followed.set(call, followArguments());
      grow(call, part);
      list.push(call);
      if (hasIndex) byIndex.set(index, call);
    },
  };
}

const functionOf = (call: Json): Json => (isJsonObject(call.function) ? call.function : {});

/** Follows the arguments of a call as they grow, because parsing them with each part takes quadratic time. */
function followArguments() {
  const json = followJson();
  let isObject: boolean | undefined;
  return {
    add: (part: Json): void => {
      const piece = functionOf(part).arguments;
      if (typeof piece === 'string') json.add(piece);
    },
    /** Whether the arguments so far are a JSON object. */
    areComplete: (call: Json): boolean => {
      const text = functionOf(call).arguments;
      if (!json.isClosed() || typeof text !== 'string') return false;
      // Parsed once: closed arguments can only grow by white space.
      isObject ??= isJsonObject(parseOrUndefined(text));
      return isObject;
    },
  };
}

/**
 * Whether a part is the beginning of another call than `call`. Servers without indexes, or with index 0 for
 * all, show it by another id with a name, by another name, or by arguments after complete ones.
 */
function beginsAnother(call: Json, part: Json, isComplete: () => boolean): boolean {
  const known = functionOf(call);
  const given = functionOf(part);
  if (!given.name) return false;
  if (known.name && given.name !== known.name) return true;
  const said = typeof known.arguments === 'string' ? known.arguments : '';
  const isWhole = isComplete();
  if (!part.id || !call.id) return isWhole;
  // Some servers make a new id for each part. The rest of an object does not begin as one.
  const goesOn = said !== '' && !isWhole && typeof given.arguments === 'string';
  return part.id !== call.id && !(goesOn && !/^\s{0,9}\{/.test(given.arguments as string));
}

function extend(call: Json, { function: given, ...about }: Json): void {
  addFields(call, about, (before, value) => (value || before === undefined ? value : before));
  if (!isJsonObject(given)) return;
  if (!isJsonObject(call.function)) call.function = {};
  const { name, ...rest } = given;
  const known = call.function as Json;
  // Some servers repeat the whole name in each chunk; none sends it in pieces.
  if (name) known.name = name;
  append(known, rest);
}

/** Adds a delta: texts and lists grow, other values are replaced by their kind. */
function append(to: Json, { role, ...delta }: Json): void {
  if ((role ?? null) !== null) to.role = role;
  addFields(to, delta, (before, value) => {
    if ((value ?? null) === null && before !== undefined) return before;
    if (typeof before === 'string' && typeof value === 'string') return before + value;
    if (isJsonObject(before) && isJsonObject(value)) {
      append(before, value);
      return before;
    }
    if (Array.isArray(before) && (Array.isArray(value) || typeof value === 'string')) {
      for (const each of [value].flat()) before.push(each);
      return before;
    }
    if (typeof before === 'string' && Array.isArray(value)) return before === '' ? value : [before, ...value];
    const isReplaced = before === '' || (before ?? null) === null || typeof before === typeof value;
    return isReplaced ? value : before;
  });
}
