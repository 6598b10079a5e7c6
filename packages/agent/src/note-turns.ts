import type { LanguageModelV4 } from '@ai-sdk/provider';

/** A model that reports when it is called, and when its answer arrives. */
export function noteTurns(model: LanguageModelV4, enter: (step: string) => void): LanguageModelV4 {
  return {
    ...model,
    doGenerate: async (options) => {
      enter('model turn');
      const result = await model.doGenerate(options);
      enter('model answer');
      return result;
    },
  };
}
