import type { Dialect } from './dialect.js';
import { all } from './dialect.js';

/**
 * GLM 4.5 and later: `<tool_call>NAME<arg_key>KEY</arg_key><arg_value>value</arg_value></tool_call>`.
 * https://huggingface.co/zai-org/GLM-4.5/blob/main/chat_template.jinja
 */
export const glm: Dialect = {
  models: /glm/i,
  marks: ['<tool_call>'],
  read: (text) =>
    all(text, (reader) => {
      const name = reader.mark('<tool_call>') ? reader.name() : undefined;
      const values = new Map<string, string>();
      while (reader.mark('<arg_key>')) {
        const key = reader.until('</arg_key>');
        const value = reader.mark('<arg_value>') ? reader.until('</arg_value>') : undefined;
        if (key === undefined || value === undefined) return undefined;
        values.set(key.trim(), value);
      }
      if (name === undefined || !reader.mark('</tool_call>')) return undefined;
      return { name, input: JSON.stringify(Object.fromEntries(values)), isUntyped: true };
    }),
};
