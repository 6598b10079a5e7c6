import { expect, test } from '@jest/globals';
import { createMender } from './mend.js';

test('a result that is sent again is not kept', () => {
  const mender = createMender();
  mender.asked(1, 'tools/call');
  const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: 'first' } });
  expect(mender.resultOf(JSON.parse(mender.mend(answer)).result)).toEqual({ content: 'first' });
  expect(mender.mend(answer)).toBe(answer);
  expect(mender.resultOf({ toolResult: '1' })).toBeUndefined();
});
