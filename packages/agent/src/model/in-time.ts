import { orAborted } from '@agenthook/async';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { passing, VerdictError } from '../verdict.js';

/** A model whose calls may take `seconds`. Longer ones throw VerdictError `model_unavailable`. */
export function inTime(model: LanguageModelV4, seconds: number): LanguageModelV4 {
  return {
    ...model,
    doGenerate: async (call) => {
      const limit = AbortSignal.timeout(seconds * 1000);
      const abortSignal = call.abortSignal ? AbortSignal.any([call.abortSignal, limit]) : limit;
      try {
        return await orAborted(Promise.resolve(model.doGenerate({ ...call, abortSignal })), abortSignal);
      } catch (error) {
        if (!limit.aborted || call.abortSignal?.aborted) throw error;
        const message = `The model did not answer within ${seconds} s.`;
        throw new VerdictError(passing('model_unavailable', message));
      }
    },
  };
}
