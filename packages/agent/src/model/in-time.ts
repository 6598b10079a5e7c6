import type { LanguageModelV4 } from '@ai-sdk/provider';
import { startDeadline } from '../deadline.js';
import { passing, VerdictError } from '../verdict.js';

/** A model whose calls may take `seconds`. Longer ones throw VerdictError `model_unavailable`. */
export function inTime(model: LanguageModelV4, seconds: number): LanguageModelV4 {
  return {
    ...model,
    doGenerate: async (call) => {
      const deadline = startDeadline(call.abortSignal, seconds * 1000);
      const { signal: abortSignal } = deadline;
      try {
        return await deadline.race(Promise.resolve(model.doGenerate({ ...call, abortSignal })));
      } catch (error) {
        if (deadline.ending() !== 'timeout') throw error;
        const message = `The model did not answer within ${seconds} s.`;
        throw new VerdictError(passing('model_unavailable', message));
      } finally {
        deadline.release();
      }
    },
  };
}
