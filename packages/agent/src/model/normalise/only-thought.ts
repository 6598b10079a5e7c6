import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';

/**
 * Makes the thought of a finished turn its answer if the turn has neither text nor calls. Servers that
 * separate thoughts by marks put the whole answer there when a mark is missing.
 */
export function answerFromThought(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  const { content, finishReason } = result;
  if (finishReason.unified !== 'stop' || content.some(isSubstance)) return result;
  return {
    ...result,
    content: content.map((part) => (part.type === 'reasoning' ? { type: 'text', text: part.text } : part)),
  };
}

const isSubstance = (part: LanguageModelV4Content): boolean =>
  part.type !== 'reasoning' && !(part.type === 'text' && part.text.trim() === '');
