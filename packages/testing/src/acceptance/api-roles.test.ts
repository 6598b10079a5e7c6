import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ApiProcess, type Stack, startStack } from '../index.js';

jest.setTimeout(120_000);

let stack: Stack;
let intake: ApiProcess;
let management: ApiProcess;
beforeAll(async () => {
  stack = await startStack();
  [intake, management] = await Promise.all([
    stack.startApi({ API_ROLE: 'intake' }),
    stack.startApi({ API_ROLE: 'management' }),
  ]);
});
afterAll(async () => stack?.stop());

test('intake takes events and gives results, management does the rest, and neither what is not its own', async () => {
  const key = { authorization: `Bearer ${stack.adminKey}` };
  const ask = async (api: ApiProcess, path: string, init: RequestInit = {}) => {
    const answer = await fetch(api.url + path, {
      headers: { ...key, 'content-type': 'application/json' },
      ...init,
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  };
  const made = await ask(management, '/api/agents', { method: 'POST', body: '{"name": "a"}' });
  expect(made.status).toBe(201);
  const { token } = await stack.mintWebhook((made.body as { id: string }).id);
  const hook = `/api/webhooks/agents/${token}`;
  const event = { method: 'POST', body: '{"sandbox": {"reply": "done"}}' };

  const stored = await ask(intake, hook, event);
  expect(stored).toMatchObject({ status: 200, body: { success: true } });
  const path = `/api/task_status?task_id=${(stored.body as { task_id: string }).task_id}&wait=20`;
  expect((await ask(intake, path)).body).toMatchObject({ status: 'SUCCESS', result: { answer: 'done' } });
  expect((await ask(management, path)).status).toBe(200);
  expect((await ask(intake, '/readyz')).status).toBe(200);

  for (const other of ['/api/agents', '/api/tasks', '/api/stats', '/api/keys'])
    expect([other, await ask(intake, other)]).toMatchObject([
      other,
      { status: 404, body: { code: 'not_found' } },
    ]);
  expect(await ask(management, hook, event)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});
