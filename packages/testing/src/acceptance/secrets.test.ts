import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countTasks, redisText, type Stack, startStack } from '../index.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'trace' } });
});

afterAll(() => stack?.stop());

async function webhook() {
  const { id } = await stack.createAgent({ name: 'Secret' });
  return { id, ...(await stack.mintWebhook(id)) };
}

/** Where a text occurs: in the logs at their most verbose, or in Redis. */
async function findings(text: string): Promise<string[]> {
  const places = { logs: stack.logs(), redis: await redisText(stack.redisUrl) };
  return Object.entries(places).flatMap(([name, content]) => (content.includes(text) ? [name] : []));
}

test('a webhook token appears in no log line and not in Redis, whatever the outcome of the call', async () => {
  const { id, token } = await webhook();
  const accepted = await stack.trigger(token, { question: 'Am I logged?' });
  expect(accepted.status).toBe(200);
  expect((await stack.poll(accepted.body.task_id)).status).toBe('SUCCESS');
  expect((await stack.trigger(token, '{not json')).status).toBe(400);
  expect((await stack.trigger(token, '<xml/>', { 'content-type': 'text/xml' })).status).toBe(200);
  expect((await stack.trigger(token, '{}', { 'content-encoding': 'compress' })).status).toBe(415);
  expect((await stack.trigger(token, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  expect((await stack.trigger(`${token}/`, {})).status).toBe(200);
  expect((await stack.trigger(`${token}//`, {})).status).toBe(200);
  expect((await stack.trigger(`${token}x`, {})).status).toBe(404);
  const failing = await stack.trigger(token, { sandbox: { steps: [{ fail: 'auth' }] } });
  expect((await stack.poll(failing.body.task_id)).status).toBe('FAILURE');

  const rotated = await stack.mintWebhook(id);
  expect((await stack.trigger(token, {})).status).toBe(404);
  expect((await stack.trigger(rotated.token, {})).status).toBe(200);

  expect(await findings(accepted.body.task_id)).toEqual(['logs', 'redis']);
  for (const secret of [token, rotated.token, token.slice('whk_'.length)]) {
    expect(await findings(secret)).toEqual([]);
  }
});

test("the installation's keys appear in no log line and not in Redis", async () => {
  await stack.request('GET', '/api/agents');
  await stack.request('GET', '/api/agents', undefined, { authorization: `Bearer ${stack.adminKey}x` });
  expect(await findings(stack.adminKey)).toEqual([]);
});

test("a signature's secrets appear in no answer, no log line and not in Redis, whatever the outcome of the call", async () => {
  const [first, second] = ['a-signature-secret', 'another-signature-secret'];
  const sign = (secret: string, body: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  });
  const signature = { scheme: 'github', secret: first };
  const agent = await stack.createAgent({ name: 'Signed', signature });
  const path = `/api/agents/${agent.id}`;
  const { token } = await stack.mintWebhook(agent.id);
  const rotated = { scheme: 'github', secret: second, previous_secret: true };
  const malformed = { scheme: 'github', secret: `${second} ` };
  const answers = [
    agent,
    await stack.request('PATCH', path, { signature: rotated }),
    await stack.request('PATCH', path, { signature: malformed }),
    await stack.trigger(token, '{}', sign(first, '{}')),
    await stack.trigger(token, '{"n":2}', sign(second, '{"n":2}')),
    await stack.trigger(token, '{}', sign('a wrong one', '{}')),
    await stack.trigger(token, '{}'),
    await stack.request('GET', path),
    await stack.request('GET', '/api/agents'),
    await stack.request('GET', `${path}/versions`),
    await stack.request('GET', `${path}/versions/1`),
    await stack.request('GET', `${path}/versions/2`),
    await stack.request('GET', `${path}/rejections`),
  ];
  expect(answers.slice(1, 7).map((answer) => answer.status)).toEqual([200, 400, 200, 200, 401, 401]);
  for (const secret of [first, second]) {
    expect(JSON.stringify(answers)).not.toContain(secret);
    expect(await findings(secret)).toEqual([]);
    expect(await findings(sign(secret, '{}')['x-hub-signature-256'].slice('sha256='.length))).toEqual([]);
  }
});

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])(
  '%s on a webhook is refused and runs nothing',
  async (method) => {
    const { token, webhook_url } = await webhook();
    const before = await countTasks(stack.redisUrl);
    const response = await fetch(`${webhook_url}?question=preview`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await countTasks(stack.redisUrl)).toBe(before);
    expect(await findings(token)).toEqual([]);
  },
);
