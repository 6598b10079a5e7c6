import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';
import { addFields, type Collector, PART, textIn } from './collector.js';

/** Collects the lines of a streamed answer of Ollama's own API: https://docs.ollama.com/api/chat */
export function collectOllama(): Collector {
  let last: Json = {};
  const texts: Record<'content' | 'thinking', string> = { content: '', thinking: '' };
  const calls: unknown[] = [];
  const head: Json = {};
  return {
    add: ({ message, ...about }) => {
      last = about;
      if (!isJsonObject(message)) return 0;
      const { content, thinking, tool_calls, ...rest } = message;
      addFields(head, rest);
      if (typeof content === 'string') texts.content += content;
      if (typeof thinking === 'string') texts.thinking += thinking;
      const before = calls.length;
      if (Array.isArray(tool_calls)) for (const call of tool_calls) calls.push(call);
      return textIn(message) + (calls.length - before) * PART;
    },
    isComplete: (isDone) => last.done === true || isDone,
    whole: () => ({
      ...last,
      message: {
        ...head,
        content: texts.content,
        ...(texts.thinking !== '' && { thinking: texts.thinking }),
        ...(calls.length > 0 && { tool_calls: calls }),
      },
    }),
  };
}
