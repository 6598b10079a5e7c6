import type { AgentConfig } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { checkToolCount } from './config-checks.js';

const withTools = (...tools: AgentConfig['tools']) => ({ tools }) as AgentConfig;
const operations = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `GET /${from + n}`);
const openapi = (name: string, count: number) =>
  ({ type: 'openapi', name, spec_url: 'https://a.example', operations: operations(count) }) as const;

test('more functions than a model takes are refused, with the limit', () => {
  const most = [openapi('a', 50), openapi('b', 50), openapi('c', 25), { type: 'memory', name: 'm' } as const];
  expect(() => checkToolCount(withTools(...most))).not.toThrow();
  expect(() => checkToolCount(withTools(...most, { type: 'web_page', name: 'p' }))).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      message: expect.stringContaining('129 functions to the model; a model accepts at most 128'),
    }),
  );
});
