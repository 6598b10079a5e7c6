import { expect, test } from '@jest/globals';
import { checkBudget } from './budget.js';
import { openJournal } from './journal.js';
import { attemptInput } from './testing/attempt-input.js';

const { limits } = attemptInput().agent.config;
const now = () => new Date(0);

/** The journal of a run whose calls returned this many results of 100,000 characters. */
function journalWith(results: number) {
  const result = 'x'.repeat(100_000);
  const entries = Array.from({ length: results }, (_, n) => ({
    type: 'tool_finished' as const,
    at: '',
    attempt: 1,
    call: `1:${n}`,
    duration_ms: 1,
    result,
  }));
  return openJournal({ entries, append: async () => undefined }, 1, now);
}

test('a run whose results are too long for any model ends before its next turn', () => {
  expect(() => checkBudget(limits, journalWith(100))).not.toThrow();
  expect(() => checkBudget(limits, journalWith(200))).toThrow(
    /characters; the limit for a model is 16777216/,
  );
});
