import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, test } from '@jest/globals';
import { type ContextState, keptAt, ofCall, WHOLE } from './context-state.js';
import { nextStep } from './next-step.js';

const TURNS = 1_000;
const prompt = Array.from(
  { length: TURNS },
  (_, n): LanguageModelV4Prompt => [
    { role: 'assistant', content: [{ type: 'tool-call', toolName: 'a', toolCallId: `${n}`, input: {} }] },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolName: 'a',
          toolCallId: `${n}`,
          output: { type: 'text', value: 'x', providerOptions: ofCall(`${n}`) },
        },
      ],
    },
  ],
).flat();

test('which results are cut is found with few measurements of a long run', () => {
  let measured = 0;
  // Each result has 1,000 characters.
  const of = (state: ContextState) => {
    measured++;
    return prompt.reduce((sum, _, index) => sum + Math.min(1_000, keptAt(state, index)) / 2, 0);
  };
  const [high, low] = [900_000, 700_000];
  const step = nextStep(prompt, WHOLE, { of, high, low });
  // Of 1,000,000, each cut result saves 500 by its two messages.
  expect(step).toEqual({ cut: { before: 1_200, keep: 500 } });
  expect(measured).toBeLessThan(30);
});
