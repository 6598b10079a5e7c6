import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { residentMegabytes } from '../bench/machine.js';
import { HOSTILE_PDFS } from '../harness/index.js';
import { type Arena, startArena } from './arena.js';
import { ATTACK_MS, attack, repeatedly, times, withKey } from './wire.js';

/** What key holders, and callers who guess ids, may cost others or reach. */

let arena: Arena;
beforeAll(async () => {
  arena = await startArena('management');
});
afterAll(() => arena?.stop());

test('a PDF of 1.5 GiB of zeros, packed twice, does not grow the api', async () => {
  const { stack } = arena;
  const { id } = await stack.createAgent({ name: 'Reader', tools: [{ type: 'documents', name: 'files' }] });
  const pdf = HOSTILE_PDFS.zeros(1536);
  const before = residentMegabytes(stack.apis[0]?.pid as number);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, residentMegabytes(stack.apis[0]?.pid as number));
  }, 20);
  const answers = await arena.beside('a PDF of 1.5 GiB of zeros, packed twice', 'trigger', () =>
    Promise.all(
      times(2, () =>
        attack(stack, 'POST', `/api/agents/${id}/documents?name=a.pdf`, {
          body: pdf,
          headers: { ...withKey(stack), 'content-type': 'application/pdf' },
        }),
      ),
    ),
  );
  clearInterval(watch);
  for (const { status } of answers) expect([422, 429, 503]).toContain(status);
  expect(most - before).toBeLessThan(150);
});

test('listing the versions of a large agent is small and bounded', async () => {
  const { stack } = arena;
  const { id } = await stack.createAgent({ name: 'Large', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  const words = 'word '.repeat(19_000);
  const tool = (n: number) => ({
    type: 'http',
    name: `t${n}`,
    url: 'http://127.0.0.1/',
    method: 'POST',
    body: words,
  });
  const { body: first } = await stack.trigger(token, {
    sandbox: { steps: [{ latency_ms: 8_000 }], reply: 'kept' },
  });
  await stack.request('PATCH', `/api/agents/${id}`, { system_prompt: words, tools: times(8, tool) });
  for (let n = 0; n < 12; n++) {
    const { status } = await stack.request('PATCH', `/api/agents/${id}`, { description: `change ${n}` });
    expect(status).toBe(200);
  }
  const path = `/api/agents/${id}/versions`;
  const answers = await arena.beside('versions of 0.9 MB each, listed in a loop', 'trigger', () =>
    Promise.all(
      times(4, () => repeatedly(ATTACK_MS, () => attack(stack, 'GET', path, { headers: withKey(stack) }))),
    ),
  );
  for (const { status, body } of answers.flat()) {
    expect(status).toBe(200);
    expect(body.length).toBeLessThan(100_000);
  }
  const { body: agent } = await stack.request<{ version: number }>('GET', `/api/agents/${id}`);
  const one = await stack.request<{ version: number; system_prompt: string }>(
    'GET',
    `${path}/${agent.version}`,
  );
  expect([one.status, one.body.version, one.body.system_prompt === words]).toEqual([
    200,
    agent.version,
    true,
  ]);
  expect((await stack.request('GET', `${path}/999999`)).status).toBe(404);
  // The run has kept the version that it was triggered with.
  expect(await stack.poll(first.task_id, { timeoutMs: 30_000 })).toMatchObject({
    result: { answer: 'kept' },
  });
});

test('a caller that only reads does not hold up other callers', async () => {
  const { stack } = arena;
  const paths = [
    '/api/agents?limit=100',
    '/api/tasks?limit=100',
    '/api/stats',
    '/api/tools',
    '/metrics',
    '/readyz',
  ];
  for (const path of paths)
    await arena.beside(`${path} on six connections`, 'trigger', () =>
      Promise.all(
        times(6, () => repeatedly(ATTACK_MS, () => attack(stack, 'GET', path, { headers: withKey(stack) }))),
      ),
    );
});
