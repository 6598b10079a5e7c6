import type { NumberMarks } from '@agenthook/json';
import {
  AISDKError,
  InvalidResponseDataError,
  type LanguageModelV4,
  type LanguageModelV4Content,
} from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { boundAnswer } from './bound-answer.js';
import { networkErrorCode } from './network-error.js';
import { VerdictError } from './verdict.js';

/**
 * Protects the loop from a provider's adapter: limits the answer, keeps warnings off the console, and turns
 * the adapter's own failure on an unexpected answer (such as a TypeError) into the SDK's error for bad
 * answers. Numbers in tool arguments that were marked on their way (http.ts) become numbers again.
 */
export function guardModel(model: LanguageModelV4, marks: NumberMarks): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate }) => {
        try {
          const { content, ...answer } = boundAnswer(await doGenerate());
          return { ...answer, content: content.map((part) => withDigits(part, marks)), warnings: [] };
        } catch (error) {
          if (error instanceof VerdictError) throw error;
          if (AISDKError.isInstance(error) || networkErrorCode(error) !== undefined) throw error;
          throw new InvalidResponseDataError({ data: undefined, message: 'unexpected shape' });
        }
      },
    },
  });
}

function withDigits(part: LanguageModelV4Content, marks: NumberMarks): LanguageModelV4Content {
  return part.type === 'tool-call' ? { ...part, input: marks.unmark(part.input) } : part;
}
