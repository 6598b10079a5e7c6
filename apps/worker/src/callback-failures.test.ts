import type { ServerResponse } from 'node:http';
import { enableCallback, getAgent, patchAgent, resendCallback, rotateCallback } from '@agenthook/core';
import { type HttpCall, startLossyLink, until } from '@agenthook/testing';
import { describe, expect, test } from '@jest/globals';
import { NEVER, setTheStage, verify } from '../test/callbacks.js';
import { contextOn } from '../test/context.js';

const stage = setTheStage();

test('a resend whose api loses its connection half-way happens fully or not at all', async () => {
  stage.deliver([]);
  const agent = await stage.agentWith();
  const task_id = await agent.finish();
  await agent.settled(task_id, 'delivered');
  const { port, db } = stage.ctx.redis.options;
  const link = await startLossyLink(Number(port));
  const api = await contextOn(`redis://127.0.0.1:${link.port}/${db}`, 'fail-fast');
  try {
    const refused: boolean[] = [];
    for (let answers = 0; answers < 6; answers++) {
      void link.loseNextAnswer(answers);
      refused.push(
        await resendCallback(api.ctx, agent.id, `cb-${task_id}`).then(
          () => false,
          () => true,
        ),
      );
      await agent.settled(task_id, 'delivered');
      await until('its connection is back', () => api.ctx.redis.ping());
    }
    expect(refused).toContain(true);
  } finally {
    await api.close(1_000);
    await link.close();
  }
});

describe('a receiver that fails', () => {
  test('is retried with the same id and body, and its answer is kept as text', async () => {
    stage.answer = (_call, response) =>
      response
        .writeHead(stage.receiver.calls.length < 3 ? 500 : 200)
        .end(Buffer.from([0x6e, 0x6f, 0, 0xff, 0x21]));
    stage.deliver([0.05, 0.05]);
    const agent = await stage.agentWith();
    const found = await agent.settled(await agent.finish(), 'delivered');
    expect(found.attempts).toMatchObject([
      { response_status: 500, error: 'The receiver answered 500.', response_excerpt: 'no\ufffd!' },
      { response_status: 500 },
      { response_status: 200, error: null },
    ]);
    expect(new Set(stage.receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(stage.receiver.calls.map(({ body }) => body)).size).toBe(1);
    for (const call of stage.receiver.calls) verify(agent.secret, call);
  });

  test('has the callback once it says so, even if its answer breaks off afterwards', async () => {
    stage.answer = (_call, response) => {
      response.writeHead(stage.receiver.calls.length === 1 ? 500 : 200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    };
    stage.deliver([0.05]);
    const agent = await stage.agentWith();
    expect((await agent.settled(await agent.finish(), 'delivered')).attempts).toMatchObject([
      { response_status: 500, error: 'The receiver answered 500.' },
      { response_status: 200, error: null },
    ]);
  });

  test('gets the current URL and secret', async () => {
    stage.answer = (_call, response) => response.writeHead(503).end();
    stage.deliver([NEVER]);
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    await until('the first attempt', async () => (await agent.delivery(task_id)).attempts.length === 1);
    const patched = await patchAgent(stage.ctx, agent.id, { callback: { url: `${stage.receiver.url}/new` } });
    expect(patched.callback?.secret).toBe(true);
    const rotated = await rotateCallback(stage.ctx, agent.id, 0);
    stage.answer = (_call, response) => response.end();
    await resendCallback(stage.ctx, agent.id, `cb-${task_id}`);
    await agent.settled(task_id, 'delivered');
    const last = stage.receiver.calls.at(-1) as HttpCall;
    expect(last.path).toBe('/new');
    verify(rotated.secret, last);
    expect(() => verify(agent.secret, last)).toThrow();
  });

  test('is given up when all attempts have failed; the requested wait is bounded', async () => {
    stage.answer = (_call, response) => response.writeHead(503, { 'retry-after': '999999999' }).end();
    stage.deliver([0.01]);
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    const waiting = await until('the first attempt', async () => {
      const found = await agent.delivery(task_id);
      return found.attempts.length === 1 && found;
    });
    expect(waiting.status).toBe('pending');
    const waits = Date.parse(waiting.next_attempt_at ?? '') - Date.now();
    expect(waits).toBeGreaterThan(5.9 * 3_600_000);
    expect(waits).toBeLessThan(6.7 * 3_600_000);
    stage.answer = (_call, response) => response.writeHead(503).end();
    await resendCallback(stage.ctx, agent.id, `cb-${task_id}`);
    expect(await agent.settled(task_id, 'failed')).toMatchObject({
      reason: 'exhausted',
      attempts: [{}, {}, {}],
      next_attempt_at: null,
    });
    expect((await getAgent(stage.ctx, agent.id)).callback?.disabled).toBeNull();
  });

  test("that answers 410 is never retried; its agent's callback is disabled until someone enables it", async () => {
    stage.answer = (_call, response) => response.writeHead(410).end();
    stage.deliver([0.01, 0.01]);
    const agent = await stage.agentWith();
    const first = await agent.finish();
    expect(await agent.settled(first, 'failed')).toMatchObject({
      reason: 'gone',
      attempts: [{ response_status: 410 }],
    });
    const disabled = await until(
      'it is disabled',
      async () => (await getAgent(stage.ctx, agent.id)).callback?.disabled,
    );
    expect(disabled.reason).toContain('410');

    const second = await agent.finish();
    expect(await agent.delivery(second)).toMatchObject({
      status: 'skipped',
      reason: 'callback_disabled',
      attempts: [],
    });
    await expect(resendCallback(stage.ctx, agent.id, `cb-${second}`)).rejects.toMatchObject({
      code: 'callback_disabled',
    });
    expect(stage.receiver.calls).toHaveLength(1);

    await enableCallback(stage.ctx, agent.id);
    stage.answer = (_call, response) => response.end();
    for (const task_id of [first, second]) {
      await resendCallback(stage.ctx, agent.id, `cb-${task_id}`);
      expect(await agent.settled(task_id, 'delivered')).toMatchObject({ reason: null });
    }
  });

  test('that fails for five tasks in a row is left alone until the callback is saved again; one success resets the count', async () => {
    stage.answer = (_call, response) => response.writeHead(500).end();
    stage.deliver([]);
    const agent = await stage.agentWith();
    const url = `${stage.receiver.url}/hook`;
    for (let n = 0; n < 4; n++) await agent.settled(await agent.finish(), 'failed');
    stage.answer = (_call, response) => response.end();
    await agent.settled(await agent.finish(), 'delivered');
    stage.answer = (_call, response) => response.writeHead(500).end();
    for (let n = 0; n < 4; n++) await agent.settled(await agent.finish(), 'failed');
    expect((await getAgent(stage.ctx, agent.id)).callback?.disabled).toBeNull();
    await agent.settled(await agent.finish(), 'failed');
    const disabled = await until(
      'it is disabled',
      async () => (await getAgent(stage.ctx, agent.id)).callback?.disabled,
    );
    expect(disabled.reason).toContain('5 deliveries');
    expect((await patchAgent(stage.ctx, agent.id, { name: 'Still' })).callback?.disabled).not.toBeNull();
    expect((await patchAgent(stage.ctx, agent.id, { callback: { url } })).callback?.disabled).toBeNull();
  });

  test.each([301, 302, 303, 307, 308])(
    'that answers %d, a redirect, fails with that reason and is not followed',
    async (status) => {
      stage.answer = (_call, response) =>
        response.writeHead(status, { location: `${stage.receiver.url}/elsewhere` }).end();
      stage.deliver([]);
      const agent = await stage.agentWith();
      expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
        attempts: [{ response_status: status, error: expect.stringContaining('redirect') }],
      });
      expect(stage.receiver.calls).toHaveLength(1);
    },
  );

  test('that is missing fails with that reason', async () => {
    stage.deliver([]);
    const agent = await stage.agentWith({ url: 'http://127.0.0.1:9/' });
    expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
      attempts: [{ response_status: null, error: expect.stringContaining('refused') }],
    });
  });

  test('that sends one byte at a time is cut off in time, and has the callback', async () => {
    let isLetGo = false;
    stage.answer = (_call, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        clearInterval(timer);
        isLetGo = true;
      });
    };
    stage.deliver([], 500);
    const agent = await stage.agentWith();
    expect(await agent.settled(await agent.finish(), 'delivered')).toMatchObject({
      attempts: [{ response_status: 200, error: null, response_excerpt: '' }],
    });
    await until('it is cut off', () => isLetGo);
  });

  test('that never ends its answer is read as far as the log goes', async () => {
    stage.answer = (_call, response) => {
      const more = () => response.write('x'.repeat(64 * 1024)) && setImmediate(more);
      response.on('drain', more);
      more();
    };
    stage.deliver([]);
    const agent = await stage.agentWith();
    const { attempts } = await agent.settled(await agent.finish(), 'delivered');
    expect(attempts[0]?.response_excerpt).toBe('x'.repeat(1_024));
  });

  test('does not hold up another agent: while a hanging one takes all slots, a quiet one is next', async () => {
    const hanging: ServerResponse[] = [];
    stage.answer = (call, response) => (call.path === '/quiet' ? response.end() : hanging.push(response));
    const loud = await stage.agentWith();
    await Promise.all(Array.from({ length: 40 }, () => loud.finish()));
    stage.deliver([]);
    await until('all slots are taken', () => hanging.length === 20);
    const quiet = await stage.agentWith({ url: `${stage.receiver.url}/quiet` });
    const task_id = await quiet.finish();
    hanging.shift()?.end();
    await quiet.settled(task_id, 'delivered');
    expect(hanging.length).toBeLessThan(25);
    stage.answer = (_call, response) => response.end();
    for (const response of hanging) response.end();
    await until(
      'all are delivered',
      async () => (await stage.jobs()).active === 0 && (await stage.jobs()).prioritized === 0,
    );
  });
});
