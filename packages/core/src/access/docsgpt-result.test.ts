import type { TaskFailure, TaskSuccess } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { docsgptResult } from './docsgpt-result.js';

const USAGE = { input_tokens: 1, output_tokens: 2, total_tokens: 3, cost_usd: null };
const call = (fields: object) => ({ name: 'look_up', arguments: {}, result: null, error: null, ...fields });

const SUCCESS = {
  answer: 'Paris',
  tool_calls: [
    call({ arguments: { q: 'x' }, result: { hits: 2 } }),
    call({ name: 'mail', result: 'sent' }),
    call({ result: null, error: 'The host is unknown.' }),
  ],
  sources: [
    { title: 'Atlas', url: 'https://atlas.test' },
    { title: null, url: 'https://other.test' },
  ],
  thought: 'easy',
  usage: USAGE,
  model: 'm:m',
  steps: 2,
} as TaskSuccess;

test('a success is nested, and its tool calls have the names, texts and states of DocsGPT', () => {
  expect(docsgptResult(SUCCESS)).toEqual({
    status: 'success',
    result: {
      answer: 'Paris',
      sources: [
        { title: 'Atlas', source: 'https://atlas.test', text: '' },
        { title: 'https://other.test', source: 'https://other.test', text: '' },
      ],
      tool_calls: [
        {
          ...{ tool_name: 'look_up', action_name: 'look_up', call_id: 'call_1' },
          ...{ arguments: { q: 'x' }, result: '{"hits":2}', status: 'completed' },
        },
        {
          ...{ tool_name: 'mail', action_name: 'mail', call_id: 'call_2' },
          ...{ arguments: {}, result: 'sent', status: 'completed' },
        },
        {
          ...{ tool_name: 'look_up', action_name: 'look_up', call_id: 'call_3' },
          ...{ arguments: {}, result: 'The host is unknown.', status: 'error' },
        },
      ],
      thought: 'easy',
    },
  });
});

test('what is hidden is empty, and output that matches a schema is kept', () => {
  expect(docsgptResult({ answer: '{"n":1}', output: { n: 1 } })).toEqual({
    status: 'success',
    result: { answer: '{"n":1}', sources: [], tool_calls: [], thought: '', output: { n: 1 } },
  });
});

test('a failure is a text with its code', () => {
  const failure: TaskFailure = {
    error: { code: 'max_steps', message: 'Too many steps.' },
    tool_calls: [],
    usage: USAGE,
  };
  expect(docsgptResult(failure)).toBe('max_steps: Too many steps.');
  expect(docsgptResult(null)).toBeNull();
});
