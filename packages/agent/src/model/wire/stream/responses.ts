import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';
import type { Collector } from './collector.js';

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** The response that the last event of a streamed response holds: https://platform.openai.com/docs/api-reference/responses-streaming */
export function collectResponse(): Collector {
  let response: Json | undefined;
  return {
    add: ({ type, response: given, code, message }) => {
      if (type === 'error') response = { error: { code, message } };
      if (typeof type === 'string' && ENDS.has(type) && isJsonObject(given)) response = given;
      return 0;
    },
    isComplete: () => response !== undefined,
    whole: () => response ?? {},
  };
}
