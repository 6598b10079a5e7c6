import type { Context } from '@agenthook/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let agent: string;
let webhook: string;

beforeAll(async () => {
  env = await testApp();
  const created = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } });
  agent = `/api/agents/${created.json().id}`;
  const minted = await env.admin({ method: 'POST', url: `${agent}/webhook`, payload: {} });
  webhook = `/api/webhooks/agents/${minted.json().token}`;
});
afterAll(() => env?.close());

const post = () => env.app.inject({ method: 'POST', url: webhook, payload: { question: 'Why?' } });

/** Counts the commands on a connection from now on, but for those that read Redis's clock. */
function count(redis: Context['redis']): () => number {
  let sent = 0;
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...args) => {
    if (args[0]?.name !== 'time') sent += 1;
    return send(...args);
  };
  return () => sent;
}

test("no managed route uses the triggers' connection, and no trigger uses theirs", async () => {
  const task = (await post()).json().task_id;
  const [ofTriggers, ofManagement] = [count(env.ctx.redis), count(env.ctx.managementRedis)];
  const reads = [
    '/api/agents',
    agent,
    `${agent}/versions`,
    `${agent}/versions/1`,
    `${agent}/documents`,
    `${agent}/rejections`,
    `${agent}/callbacks`,
    '/api/tasks',
    `/api/tasks/${task}`,
    '/api/stats',
    '/api/keys',
    '/api/notify-channels',
    '/api/alerts',
    '/api/alert-rules',
    '/api/session',
    '/metrics',
  ];
  for (const url of reads) expect([url, (await env.admin({ url })).statusCode]).toEqual([url, 200]);
  await env.admin({ method: 'PATCH', url: agent, payload: { description: 'new' } });
  expect(ofTriggers()).toBe(0);
  const managed = ofManagement();
  expect(managed).toBeGreaterThan(reads.length);

  expect((await post()).statusCode).toBe(200);
  expect((await env.app.inject({ url: `/api/task_status?task_id=${task}` })).statusCode).toBe(200);
  expect(ofManagement()).toBe(managed);
});

test('triggers and status are answered while a management answer is pending', async () => {
  // Nothing else goes over that connection until this is answered, as behind a very large answer.
  const owed = env.ctx.managementRedis.blpop('nothing', 0).catch(() => undefined);
  const held = env.admin({ url: `${agent}/versions` });
  const sent = await post();
  expect(sent.statusCode).toBe(200);
  const status = await env.app.inject({ url: `/api/task_status?task_id=${sent.json().task_id}` });
  expect(status.json()).toMatchObject({ status: 'PENDING' });
  expect(await Promise.race([held.then(() => 'answered'), 'held'])).toBe('held');
  expect((await held).statusCode).toBe(503);
  // Our side has given up on the command; the connection is free once Redis has answered it.
  await env.ctx.redis.rpush('nothing', 'something');
  await owed;
});

test('a viewer who lists a large agent in a loop gets small answers', async () => {
  const tool = { type: 'memory', name: 'notes', description: 'x'.repeat(2_000) };
  const tools = Array.from({ length: 30 }, (_, n) => ({ ...tool, name: `notes_${n}` }));
  for (let n = 0; n < 20; n++) {
    const payload = { description: String(n), tools, system_prompt: 'x'.repeat(90_000) };
    expect((await env.admin({ method: 'PATCH', url: agent, payload })).statusCode).toBe(200);
  }
  const viewer = await env.as('viewer');
  const listed = await viewer.send({ url: `${agent}/versions` });
  expect(listed.json().versions.length).toBeGreaterThan(20);
  expect(listed.body.length).toBeLessThan(6_000);
  const one = listed.json().versions[0].version;
  expect((await viewer.send({ url: `${agent}/versions/${one}` })).json()).toMatchObject({
    description: '19',
  });
  const unknown = await viewer.send({ url: `${agent}/versions/999` });
  expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'unknown_version']);
  for (const wrong of ['0', 'x', '1.5', '-1'])
    expect((await viewer.send({ url: `${agent}/versions/${wrong}` })).statusCode).toBe(400);
});
