import { ERROR_CODES, ERRORS, problemType } from '@agenthook/contracts';
import { AppError } from '@agenthook/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { testApp } from '../../test/app.js';
import { registerProblems } from '../plugins/problems.js';
import { createRequestIds } from '../plugins/request-log.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

test('the type of a problem leads to a page that explains it', async () => {
  const refused = await env.app.inject('/api/task_status');
  const { type, title, code } = refused.json();
  expect({ type, title, code }).toEqual({
    type: problemType('missing_task_id'),
    title: ERRORS.missing_task_id.title,
    code: 'missing_task_id',
  });
  const page = await env.app.inject(type);
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.body).toContain('<code>missing_task_id</code>, HTTP 400');
});

test('one page lists every code; an unknown code has none', async () => {
  const { body } = await env.app.inject('/errors');
  for (const code of ERROR_CODES) expect(body).toContain(`<h2 id="${code}">`);
  expect((await env.app.inject('/errors/__proto__')).json()).toMatchObject({ code: 'not_found' });
});

test('an internal error names its request in header, body and log', async () => {
  const lines: string[] = [];
  const app = Fastify({
    genReqId: createRequestIds(),
    logger: { level: 'error', stream: { write: (line) => lines.push(line) } },
  });
  registerProblems(app);
  app.get('/', () => {
    throw new TypeError('a defect');
  });
  const answer = await app.inject('/');
  const { code, request_id } = answer.json();
  expect([answer.statusCode, code]).toEqual([500, 'internal']);
  expect(answer.headers['x-request-id']).toBe(request_id);
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    expect.arrayContaining([expect.objectContaining({ reqId: request_id, msg: 'request failed' })]),
  );
  expect(answer.body).not.toContain('a defect');
});

test.each([
  ['was emptied', new AppError('redis_unavailable'), []],
  [
    'does not answer',
    new Error('Connection is closed.'),
    [{ msg: 'Redis did not accept a command', reason: 'Connection is closed.' }],
  ],
])(
  'what is not found while Redis %s may be lost, and the log names Redis only for its own errors',
  async (_how, lost, logged) => {
    const lines: string[] = [];
    const app = Fastify({ logger: { level: 'warn', stream: { write: (line) => lines.push(line) } } });
    registerProblems(app, undefined, async () => {
      throw lost;
    });
    app.get('/', () => {
      throw new AppError('unknown_agent', 'There is no such agent.');
    });
    const answer = await app.inject('/');
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'redis_unavailable']);
    expect(answer.headers['retry-after']).toBeDefined();
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      logged.map((line) => expect.objectContaining(line)),
    );
  },
);
