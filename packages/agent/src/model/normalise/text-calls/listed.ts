import { isJsonObject } from '@agenthook/json';
import { parseOrUndefined } from '../../wire/json.js';
import { callIn, type Dialect, readerOf, type WrittenCall } from './dialect.js';

/** The calls of a JSON list of objects; undefined if any of them is no call, or there is none. */
export function callsOfList(json: string | undefined): WrittenCall[] | undefined {
  const values = json === undefined ? undefined : parseOrUndefined(json);
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const calls = values.map((value) => callIn(isJsonObject(value) ? JSON.stringify(value) : undefined));
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

/** A family that writes all calls of a turn as one JSON list between two marks. */
function listed(models: RegExp, begin: string, end: string): Dialect {
  return {
    models,
    marks: [begin],
    read: (text) => {
      const reader = readerOf(text);
      if (!reader.mark(begin)) return undefined;
      const calls = callsOfList(reader.json());
      reader.mark(end);
      return reader.atEnd() ? calls : undefined;
    },
  };
}

/** https://huggingface.co/ibm-granite, https://huggingface.co/microsoft/Phi-4-mini-instruct */
export const granite = listed(/granite|phi-?4/i, '<|tool_call|>', '<|/tool_call|>');
/** https://huggingface.co/nvidia/NVIDIA-Nemotron-Nano-9B-v2 */
export const nemotron = listed(/nemotron/i, '<TOOLCALL>', '</TOOLCALL>');
/** https://docs.cohere.com/docs/command-r-plus-hf */
export const command = listed(/command|c4ai/i, '<|START_ACTION|>', '<|END_ACTION|>');
