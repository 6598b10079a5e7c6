import { isJsonObject } from '@agenthook/json';
import { endOfJson } from '../../../find-json.js';
import { parseOrUndefined } from '../../wire/json.js';

/** A call that a model wrote as text. */
export interface WrittenCall {
  name: string;
  /** A JSON object. */
  input: string;
  /** Whether all its values are texts, and only the tool's schema says which are numbers, lists and so on. */
  isUntyped?: true;
}

/** How a family of models writes calls. */
export interface Dialect {
  /** The names of the family's models. */
  models: RegExp;
  /** What the calls begin with. */
  marks: readonly string[];
  /** Words by which data of the run shows that it may be quoted. Default: the marks. */
  quotes?: readonly string[];
  /** Whether nothing may stand before the calls, because their mark is no special one. */
  isWhole?: true;
  /** The calls of a text that begins with a mark; undefined if anything in it is no call. */
  read(text: string): WrittenCall[] | undefined;
}

/** A reader of a text from its beginning. */
export interface Reader {
  /** Whether only white space and marks of the end are left. */
  atEnd(): boolean;
  /** Reads a mark, after white space. */
  mark(text: string): boolean;
  /** Reads the text up to a mark, and the mark; undefined if it is not there. */
  until(text: string): string | undefined;
  /** Reads the name of a tool, after white space; undefined if there is none. */
  name(): string | undefined;
  /** Reads a JSON value, after white space; undefined if there is none. */
  json(): string | undefined;
}

/** How the text of a turn ends where the server does not remove it. */
const ENDS = [
  '<|im_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '</s>',
  '<｜end▁of▁sentence｜>',
  '<|end|>',
  '<|call|>',
  '<|END_OF_TURN_TOKEN|>',
];

const NAME = /^[\w-]{1,64}/;
const LONGEST_NAME = 64;

export function readerOf(whole: string): Reader {
  let at = 0;
  const skip = () => {
    while (at < whole.length && whole.charCodeAt(at) <= 0x20) at++;
  };
  const mark = (text: string): boolean => {
    skip();
    if (!whole.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  return {
    atEnd: () => {
      while (ENDS.some(mark));
      return at === whole.length;
    },
    mark,
    until: (text) => {
      const end = whole.indexOf(text, at);
      if (end === -1) return undefined;
      const found = whole.slice(at, end);
      at = end + text.length;
      return found;
    },
    name: () => {
      skip();
      const found = NAME.exec(whole.slice(at, at + LONGEST_NAME))?.[0];
      at += found?.length ?? 0;
      return found;
    },
    json: () => {
      skip();
      const isValue = whole[at] === '{' || whole[at] === '[';
      const end = isValue ? endOfJson(whole, at) : -1;
      if (end === -1) return undefined;
      const found = whole.slice(at, end);
      at = end;
      return found;
    },
  };
}

/** Reads calls until the text ends; undefined if it does not end with a call. */
export function all(
  text: string,
  next: (reader: Reader) => WrittenCall | undefined,
): WrittenCall[] | undefined {
  const reader = readerOf(text);
  const calls: WrittenCall[] = [];
  do {
    const call = next(reader);
    if (!call) return undefined;
    calls.push(call);
  } while (!reader.atEnd());
  return calls;
}

/** A call as an object with its name and its arguments, which may be a text. */
export function callIn(json: string | undefined): WrittenCall | undefined {
  const value = json === undefined ? undefined : parseOrUndefined(json);
  if (!isJsonObject(value)) return undefined;
  // Cohere's models say `tool_name`.
  const { name = value.tool_name, arguments: args = value.parameters } = value;
  return typeof name === 'string'
    ? callOf(name, typeof args === 'string' ? args : JSON.stringify(args ?? {}))
    : undefined;
}

/** A call with its name and its arguments as JSON; undefined if these are no object. */
export function callOf(name: string, input: string | undefined): WrittenCall | undefined {
  const isObject = input !== undefined && isJsonObject(parseOrUndefined(input));
  return isObject ? { name: name.trim(), input } : undefined;
}
