import { isCopied } from '@agenthook/contracts';
import type { LanguageModelV4, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import type { Journal } from './journal.js';

/** A model that is told a person's note after the copied turns, in the same place at each turn. */
export function tellNote(model: LanguageModelV4, journal: Journal, note: string): LanguageModelV4 {
  const copied = journal.turns.filter(isCopied).length;
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => ({
        ...params,
        prompt: withNote(params.prompt, journal.taken - copied, note),
      }),
    },
  });
}

/** The messages with the note before the last `later` answers of the model. */
function withNote(prompt: LanguageModelV4Prompt, later: number, note: string): LanguageModelV4Prompt {
  const answers = prompt.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []));
  const at = later > 0 ? (answers.at(-later) ?? prompt.length) : prompt.length;
  return prompt.toSpliced(at, 0, { role: 'user', content: [{ type: 'text', text: note }] });
}
