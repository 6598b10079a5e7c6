import { isJsonObject } from '@agenthook/json';
import { parseOrUndefined } from '../../wire/json.js';
import { all, callIn, callOf, type Dialect, type Reader, readerOf, type WrittenCall } from './dialect.js';
import { glm } from './glm.js';
import { harmony } from './harmony.js';
import { callsOfList, command, granite, nemotron } from './listed.js';

/**
 * Hermes and Qwen: `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, with XML inside for Qwen3-Coder:
 * `<function=NAME><parameter=KEY>value</parameter></function>`, whose first mark it sometimes leaves out.
 * https://qwen.readthedocs.io/en/latest/framework/function_call.html
 */
const hermes: Dialect = {
  models: /hermes|qwen|qwq|smollm/i,
  marks: ['<tool_call>', '<function='],
  read: (text) =>
    all(text, (reader) => {
      const isMarked = reader.mark('<tool_call>');
      if (reader.mark('<function=')) {
        const call = xmlCall(reader);
        return reader.mark('</tool_call>') || !isMarked ? call : undefined;
      }
      const call = isMarked ? callIn(reader.json()) : undefined;
      return reader.mark('</tool_call>') ? call : undefined;
    }),
};

function xmlCall(reader: Reader): WrittenCall | undefined {
  const name = reader.until('>');
  const input: Record<string, unknown> = {};
  while (reader.mark('<parameter=')) {
    const key = reader.until('>');
    const value = reader.until('</parameter>');
    if (key === undefined || value === undefined) return undefined;
    input[key] = value.replace(/^\n/, '').replace(/\n$/, '');
  }
  if (name === undefined || !reader.mark('</function>')) return undefined;
  return { name: name.trim(), input: JSON.stringify(input), isUntyped: true };
}

/**
 * Llama 3: `<function=NAME>{…}</function>` and `<|python_tag|>{"name": …, "parameters": {…}}`.
 * https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/
 */
const llama: Dialect = {
  models: /llama/i,
  marks: ['<function=', '<|python_tag|>'],
  read: (text) =>
    all(text, (reader) => {
      if (reader.mark('<function=')) {
        const call = callOf(reader.until('>') ?? '', reader.json());
        return reader.mark('</function>') ? call : undefined;
      }
      // Several calls stand behind one mark, separated by semicolons.
      return reader.mark('<|python_tag|>') || reader.mark(';') ? callIn(reader.json()) : undefined;
    }),
};

/**
 * Llama 3 writes a call also without any mark, as the whole answer: `{"name": …, "parameters": {…}}`.
 * https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/#json-based-tool-calling
 */
const bareLlama: Dialect = {
  models: /llama/i,
  marks: ['{'],
  quotes: ['parameters'],
  isWhole: true,
  read: (text) =>
    all(text, (reader) => {
      reader.mark(';');
      const json = reader.json();
      const value = json === undefined ? undefined : parseOrUndefined(json);
      const names = isJsonObject(value) ? Object.keys(value).filter((name) => name !== 'type') : [];
      return names.sort().join() === 'name,parameters' ? callIn(json) : undefined;
    }),
};

/** Mistral: `[TOOL_CALLS][{"name": …, "arguments": {…}}]`, and newer `[TOOL_CALLS]NAME[ARGS]{…}`. https://docs.mistral.ai */
const mistral: Dialect = {
  models: /mistral|mixtral|ministral|magistral|codestral|devstral|pixtral/i,
  marks: ['[TOOL_CALLS]'],
  read: (text) => {
    const reader = readerOf(text);
    reader.mark('[TOOL_CALLS]');
    const list = reader.json();
    if (list === undefined) return all(text, namedCall);
    return reader.atEnd() ? callsOfList(list) : undefined;
  },
};

function namedCall(reader: Reader): WrittenCall | undefined {
  if (!reader.mark('[TOOL_CALLS]')) return undefined;
  const name = reader.name();
  reader.mark('[ARGS]');
  return name === undefined ? undefined : callOf(name, reader.json());
}

/** DeepSeek. Before V3.1 the name follows the word `function`, and the arguments stand in a fence. https://huggingface.co/deepseek-ai */
const deepseek: Dialect = {
  models: /deepseek/i,
  marks: ['<｜tool▁calls▁begin｜>', '<｜tool▁call▁begin｜>'],
  read: (text) =>
    all(text, (reader) => {
      reader.mark('<｜tool▁calls▁begin｜>');
      if (!reader.mark('<｜tool▁call▁begin｜>')) return undefined;
      const before = reader.until('<｜tool▁sep｜>');
      const name = before?.trim() === 'function' ? reader.until('\n') : before;
      const isFenced = reader.mark('```json');
      const call = callOf(name ?? '', reader.json());
      if (isFenced && !reader.mark('```')) return undefined;
      if (!reader.mark('<｜tool▁call▁end｜>')) return undefined;
      reader.mark('<｜tool▁calls▁end｜>');
      return call;
    }),
};

/** Kimi K2: https://huggingface.co/moonshotai/Kimi-K2-Instruct/blob/main/docs/tool_call_guidance.md */
const kimi: Dialect = {
  models: /kimi/i,
  marks: ['<|tool_calls_section_begin|>'],
  read: (text) =>
    all(text, (reader) => {
      reader.mark('<|tool_calls_section_begin|>');
      if (!reader.mark('<|tool_call_begin|>')) return undefined;
      const id = reader.until('<|tool_call_argument_begin|>') ?? '';
      const name = /^\s{0,3}(?:functions\.)?([\w-]{1,64}):\d{1,6}\s{0,3}$/.exec(id)?.[1];
      const call = callOf(name ?? '', reader.json());
      if (!reader.mark('<|tool_call_end|>')) return undefined;
      reader.mark('<|tool_calls_section_end|>');
      return call;
    }),
};

/** MiniMax: `<minimax:tool_call><invoke name="NAME"><parameter name="KEY">value</parameter></invoke></minimax:tool_call>`. https://huggingface.co/MiniMaxAI/MiniMax-M2/blob/main/docs/tool_calling_guide.md */
const minimax: Dialect = {
  models: /minimax/i,
  marks: ['<minimax:tool_call>'],
  read: (text) =>
    all(text, (reader) => {
      reader.mark('<minimax:tool_call>');
      const name = reader.mark('<invoke name="') ? reader.until('">') : undefined;
      const values = new Map<string, string>();
      while (reader.mark('<parameter name="')) {
        const key = reader.until('">');
        const value = reader.until('</parameter>');
        if (key === undefined || value === undefined) return undefined;
        values.set(key, value);
      }
      if (name === undefined || !reader.mark('</invoke>')) return undefined;
      reader.mark('</minimax:tool_call>');
      return { name, input: JSON.stringify(Object.fromEntries(values)), isUntyped: true };
    }),
};

export const DIALECTS: readonly Dialect[] = [
  hermes,
  llama,
  bareLlama,
  mistral,
  deepseek,
  kimi,
  harmony,
  glm,
  granite,
  nemotron,
  command,
  minimax,
];
