import { AISDKError, InvalidResponseDataError, type LanguageModelV4 } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { boundAnswer } from './bound-answer.js';
import { networkErrorCode } from './network-error.js';
import { VerdictError } from './verdict.js';

/**
 * Protects the loop from a provider's adapter: limits the answer, keeps warnings off the console, and turns
 * the adapter's own failure on an unexpected answer (such as a TypeError) into the SDK's error for bad
 * answers.
 */
export function guardModel(model: LanguageModelV4): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate }) => {
        try {
          return { ...boundAnswer(await doGenerate()), warnings: [] };
        } catch (error) {
          if (error instanceof VerdictError) throw error;
          if (AISDKError.isInstance(error) || networkErrorCode(error) !== undefined) throw error;
          throw new InvalidResponseDataError({ data: undefined, message: 'unexpected shape' });
        }
      },
    },
  });
}
