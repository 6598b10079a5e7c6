import { AISDKError, InvalidResponseDataError, type LanguageModelV3 } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { boundAnswer } from './bound-answer.js';
import { networkErrorCode } from './network-error.js';
import { VerdictError } from './verdict.js';

/**
 * Keeps a provider's adapter from surprising the loop: an answer is bounded, warnings do not reach the console, and where
 * the adapter stumbles over an answer of another shape than it expects (a TypeError, say) this becomes the SDK's error
 * for bad answers.
 */
export function guardModel(model: LanguageModelV3): LanguageModelV3 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v3',
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
