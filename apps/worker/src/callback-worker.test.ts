import type { ServerResponse } from 'node:http';
import type { AgentPatch, Delivery } from '@agenthook/contracts';
import {
  type Context,
  createAgent,
  deleteAgent,
  enableCallback,
  enqueueCallback,
  getAgent,
  listDeliveries,
  mintWebhook,
  patchAgent,
  resendCallback,
  rotateCallback,
  taskStatus,
  trigger,
} from '@agenthook/core';
import { createEgress, type Egress } from '@agenthook/egress';
import { type HttpCall, type HttpServer, startHttpServer, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import { buildCallbackWorker } from './callback-worker.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './worker.js';

const NEVER = 100_000;

let ctx: Context;
let close: (deadlineMs: number) => Promise<void>;
let egress: Egress;
let tasks: RunningWorker;
let callbacks: RunningWorker | undefined;
let receiver: HttpServer;
let answer: (call: HttpCall, response: ServerResponse) => unknown;

beforeAll(async () => {
  ({ ctx, close } = await openTestContext());
  egress = createEgress({ allow: ['127.0.0.1'] });
  tasks = buildWorker(ctx, runAgentWithoutTools(), 10);
  receiver = await startHttpServer((call, response) => answer(call, response));
});
beforeEach(() => {
  answer = (_call, response) => response.writeHead(204).end();
  receiver.calls.length = 0;
});
afterEach(async () => {
  await callbacks?.stop(5_000);
  callbacks = undefined;
});
afterAll(async () => {
  await tasks?.stop(5_000);
  await egress?.close();
  await receiver?.close();
  await close?.(1_000);
});

/** Starts to deliver, with these waits between attempts, in seconds. */
function deliver(delays: number[] = [], timeoutMs?: number): void {
  callbacks = buildCallbackWorker(ctx, { egress, delays, ...(timeoutMs !== undefined && { timeoutMs }) });
}

async function agentWith(callback: AgentPatch['callback'] = { url: `${receiver.url}/hook?key=q` }) {
  const agent = await createAgent(ctx, { name: 'Told', ...(callback && { callback }) }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, agent.id, 0);
  const id = agent.id;
  const secret = String(agent.callback?.secret);
  /** Runs a task to its end and hands it to callbacks, as the outbox does. */
  const finish = async (sandbox: object = { reply: 'done' }): Promise<string> => {
    const body = Buffer.from(JSON.stringify({ sandbox }));
    const outcome = await trigger(ctx, { token, body, contentType: 'json', headers: {} });
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
    const task_id = outcome.task_id;
    const { status } = await until('the task ends', async () => {
      const state = await taskStatus(ctx, task_id);
      return state?.finished_at ? state : undefined;
    });
    await enqueueCallback(ctx, { shard: 0, task_id, agent_id: id, status: status as 'SUCCESS' });
    return task_id;
  };
  const delivery = async (task_id: string): Promise<Delivery> => {
    const { callbacks: found } = await listDeliveries(ctx, id, { limit: 10, task_id });
    expect(found).toHaveLength(1);
    return found[0] as Delivery;
  };
  const settled = (task_id: string, status: Delivery['status']) =>
    until(
      `the delivery is ${status}`,
      async () => {
        const found = await delivery(task_id);
        return found.status === status && found;
      },
      { timeoutMs: 15_000 },
    );
  return { id, secret, finish, delivery, settled };
}

const verify = (secret: string, { body, headers }: HttpCall) => new Webhook(secret).verify(body, headers);
const jobs = async () => (await ctx.callbacks[0]?.getJobCounts()) ?? {};

describe('a callback', () => {
  test('tells the end of a task, signed per Standard Webhooks', async () => {
    deliver();
    const agent = await agentWith();
    const task_id = await agent.finish();
    const delivered = await agent.settled(task_id, 'delivered');
    const [call] = receiver.calls as [HttpCall];
    const state = await taskStatus(ctx, task_id);
    expect(call).toMatchObject({
      method: 'POST',
      path: '/hook?key=q',
      headers: {
        'webhook-id': `cb-${task_id}`,
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^AgentHook\/\d/),
      },
    });
    expect(verify(agent.secret, call)).toEqual({
      type: 'task.succeeded',
      timestamp: state?.finished_at,
      data: {
        task_id,
        agent_id: agent.id,
        agent_version: 1,
        trigger: 'webhook',
        status: 'SUCCESS',
        result: state?.result,
        created_at: state?.created_at,
        started_at: state?.started_at,
        finished_at: state?.finished_at,
      },
    });
    expect(delivered).toMatchObject({
      id: `cb-${task_id}`,
      type: 'task.succeeded',
      reason: null,
      url: `${receiver.url}/hook?key=q`,
      attempts: [{ response_status: 204, error: null, response_excerpt: '' }],
      next_attempt_at: null,
    });
    expect(() => verify(agent.secret, { ...call, body: call.body.replace('done', 'gone') })).toThrow();
  });

  test('tells a failure as task.failed', async () => {
    deliver();
    const agent = await agentWith();
    await agent.settled(await agent.finish({ steps: [{ fail: 'auth' }] }), 'delivered');
    expect(verify(agent.secret, receiver.calls[0] as HttpCall)).toMatchObject({
      type: 'task.failed',
      data: { status: 'FAILURE', result: { error: { code: 'model_auth' } } },
    });
  });

  test('is one, however often the end of the task is told', async () => {
    const agent = await agentWith();
    const task_id = await agent.finish();
    const ended = { shard: 0, task_id, agent_id: agent.id, status: 'SUCCESS' as const };
    await Promise.all(Array.from({ length: 20 }, () => enqueueCallback(ctx, ended)));
    expect(await jobs()).toMatchObject({ prioritized: 1, active: 0, delayed: 0 });
    deliver();
    await agent.settled(task_id, 'delivered');
    await enqueueCallback(ctx, ended);
    const other = await agent.finish();
    await agent.settled(other, 'delivered');
    expect(receiver.calls.map(({ headers }) => headers['webhook-id'])).toEqual([
      `cb-${task_id}`,
      `cb-${other}`,
    ]);
  });

  test('costs an agent without one no job and no entry', async () => {
    const agent = await agentWith(null);
    const task_id = await agent.finish();
    expect(await listDeliveries(ctx, agent.id, { limit: 10 })).toEqual({ callbacks: [], next_cursor: null });
    expect(await jobs()).toMatchObject({ prioritized: 0, waiting: 0, active: 0, delayed: 0 });
    expect(await ctx.redis.exists(`{agenthook:0}:delivery:cb-${task_id}`)).toBe(0);
  });
});

describe('a receiver that fails', () => {
  test('is tried again with the same id and body, and what it says is kept as text', async () => {
    answer = (_call, response) =>
      response.writeHead(receiver.calls.length < 3 ? 500 : 200).end(Buffer.from([0x6e, 0x6f, 0, 0xff, 0x21]));
    deliver([0.05, 0.05]);
    const agent = await agentWith();
    const found = await agent.settled(await agent.finish(), 'delivered');
    expect(found.attempts).toMatchObject([
      { response_status: 500, error: 'The receiver answered 500.', response_excerpt: 'no\ufffd!' },
      { response_status: 500 },
      { response_status: 200, error: null },
    ]);
    expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
    for (const call of receiver.calls) verify(agent.secret, call);
  });

  test('gets the URL and the secret of the moment', async () => {
    answer = (_call, response) => response.writeHead(503).end();
    deliver([NEVER]);
    const agent = await agentWith();
    const task_id = await agent.finish();
    await until('the first attempt', async () => (await agent.delivery(task_id)).attempts.length === 1);
    const patched = await patchAgent(ctx, agent.id, { callback: { url: `${receiver.url}/new` } });
    expect(patched.callback?.secret).toBe(true);
    const rotated = await rotateCallback(ctx, agent.id, 0);
    answer = (_call, response) => response.end();
    await resendCallback(ctx, agent.id, `cb-${task_id}`);
    await agent.settled(task_id, 'delivered');
    const last = receiver.calls.at(-1) as HttpCall;
    expect(last.path).toBe('/new');
    verify(rotated.secret, last);
    expect(() => verify(agent.secret, last)).toThrow();
  });

  test('is given up when all attempts have failed; the wait it asks for is bounded', async () => {
    answer = (_call, response) => response.writeHead(503, { 'retry-after': '999999999' }).end();
    deliver([0.01]);
    const agent = await agentWith();
    const task_id = await agent.finish();
    const waiting = await until('the first attempt', async () => {
      const found = await agent.delivery(task_id);
      return found.attempts.length === 1 && found;
    });
    expect(waiting.status).toBe('pending');
    const waits = Date.parse(waiting.next_attempt_at ?? '') - Date.now();
    expect(waits).toBeGreaterThan(5.9 * 3_600_000);
    expect(waits).toBeLessThan(6.7 * 3_600_000);
    answer = (_call, response) => response.writeHead(503).end();
    await resendCallback(ctx, agent.id, `cb-${task_id}`);
    expect(await agent.settled(task_id, 'failed')).toMatchObject({
      reason: 'exhausted',
      attempts: [{}, {}, {}],
      next_attempt_at: null,
    });
    expect((await getAgent(ctx, agent.id)).callback?.disabled).toBeNull();
  });

  test("that says 410 is never tried again; its agent's callback is disabled until it is enabled", async () => {
    answer = (_call, response) => response.writeHead(410).end();
    deliver([0.01, 0.01]);
    const agent = await agentWith();
    const first = await agent.finish();
    expect(await agent.settled(first, 'failed')).toMatchObject({
      reason: 'gone',
      attempts: [{ response_status: 410 }],
    });
    const disabled = await until(
      'it is disabled',
      async () => (await getAgent(ctx, agent.id)).callback?.disabled,
    );
    expect(disabled.reason).toContain('410');

    const second = await agent.finish();
    expect(await agent.delivery(second)).toMatchObject({
      status: 'skipped',
      reason: 'callback_disabled',
      attempts: [],
    });
    await expect(resendCallback(ctx, agent.id, `cb-${second}`)).rejects.toMatchObject({
      code: 'callback_disabled',
    });
    expect(receiver.calls).toHaveLength(1);

    await enableCallback(ctx, agent.id);
    answer = (_call, response) => response.end();
    for (const task_id of [first, second]) {
      await resendCallback(ctx, agent.id, `cb-${task_id}`);
      expect(await agent.settled(task_id, 'delivered')).toMatchObject({ reason: null });
    }
  });

  test('for five tasks in a row is left alone until the callback is saved anew; one success begins the count again', async () => {
    answer = (_call, response) => response.writeHead(500).end();
    deliver([]);
    const agent = await agentWith();
    const url = `${receiver.url}/hook`;
    for (let n = 0; n < 4; n++) await agent.settled(await agent.finish(), 'failed');
    answer = (_call, response) => response.end();
    await agent.settled(await agent.finish(), 'delivered');
    answer = (_call, response) => response.writeHead(500).end();
    for (let n = 0; n < 4; n++) await agent.settled(await agent.finish(), 'failed');
    expect((await getAgent(ctx, agent.id)).callback?.disabled).toBeNull();
    await agent.settled(await agent.finish(), 'failed');
    const disabled = await until(
      'it is disabled',
      async () => (await getAgent(ctx, agent.id)).callback?.disabled,
    );
    expect(disabled.reason).toContain('5 deliveries');
    expect((await patchAgent(ctx, agent.id, { name: 'Still' })).callback?.disabled).not.toBeNull();
    expect((await patchAgent(ctx, agent.id, { callback: { url } })).callback?.disabled).toBeNull();
  });

  test.each([301, 302, 303, 307, 308])(
    'by answering %d, a redirect, is told so and not followed',
    async (status) => {
      answer = (_call, response) =>
        response.writeHead(status, { location: `${receiver.url}/elsewhere` }).end();
      deliver([]);
      const agent = await agentWith();
      expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
        attempts: [{ response_status: status, error: expect.stringContaining('redirect') }],
      });
      expect(receiver.calls).toHaveLength(1);
    },
  );

  test('because it is not there is told so', async () => {
    deliver([]);
    const agent = await agentWith({ url: 'http://127.0.0.1:9/' });
    expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
      attempts: [{ response_status: null, error: expect.stringContaining('refused') }],
    });
  });

  test('by sending one byte after the other is let go of in time', async () => {
    answer = (_call, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    };
    deliver([], 500);
    const agent = await agentWith();
    expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
      attempts: [{ response_status: null, error: 'No complete answer within 0.5 seconds.' }],
    });
  });

  test('to end its answer is heard as far as the log goes', async () => {
    answer = (_call, response) => {
      const more = () => response.write('x'.repeat(64 * 1024)) && setImmediate(more);
      response.on('drain', more);
      more();
    };
    deliver([]);
    const agent = await agentWith();
    const { attempts } = await agent.settled(await agent.finish(), 'delivered');
    expect(attempts[0]?.response_excerpt).toBe('x'.repeat(1_024));
  });

  test('does not hold up another agent: with all slots taken by one that hangs, a quiet one is next', async () => {
    const hanging: ServerResponse[] = [];
    answer = (call, response) => (call.path === '/quiet' ? response.end() : hanging.push(response));
    const loud = await agentWith();
    await Promise.all(Array.from({ length: 40 }, () => loud.finish()));
    deliver([]);
    await until('all slots are taken', () => hanging.length === 20);
    const quiet = await agentWith({ url: `${receiver.url}/quiet` });
    const task_id = await quiet.finish();
    hanging.shift()?.end();
    await quiet.settled(task_id, 'delivered');
    expect(hanging.length).toBeLessThan(25);
    answer = (_call, response) => response.end();
    for (const response of hanging) response.end();
    await until(
      'all are delivered',
      async () => (await jobs()).active === 0 && (await jobs()).prioritized === 0,
    );
  });
});

test('an address that is not public is refused at once, with the name of the setting', async () => {
  deliver([0.01]);
  for (const url of [
    'http://169.254.169.254/latest',
    'http://10.0.0.1/',
    'http://[::1]:1/',
    'http://localhost.:1/',
  ]) {
    const agent = await agentWith({ url: url.replace('localhost.', '0x7f.2') });
    expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
      reason: 'refused',
      attempts: [{ response_status: null, error: expect.stringContaining('EGRESS_ALLOW') }],
    });
    expect((await getAgent(ctx, agent.id)).callback?.disabled).toBeNull();
  }
});

test('during a rotation both secrets sign, and after it the new one alone', async () => {
  deliver();
  const agent = await agentWith();
  const { secret, previous_expires_at } = await rotateCallback(ctx, agent.id, 2);
  expect((await getAgent(ctx, agent.id)).callback).toMatchObject({ secret: true, previous_expires_at });
  await agent.settled(await agent.finish(), 'delivered');
  const [during] = receiver.calls as [HttpCall];
  expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  verify(secret, during);
  verify(agent.secret, during);
  await until('the overlap is over', () => Date.now() > Date.parse(previous_expires_at ?? ''));
  await agent.settled(await agent.finish(), 'delivered');
  const after = receiver.calls[1] as HttpCall;
  verify(secret, after);
  expect(() => verify(agent.secret, after)).toThrow();
  expect((await getAgent(ctx, agent.id)).callback?.previous_expires_at).toBeNull();
});

test('a worker that stops hands a delivery back, and the next one has it', async () => {
  answer = () => undefined;
  deliver([NEVER]);
  const agent = await agentWith();
  const task_id = await agent.finish();
  await until('the request hangs', () => receiver.calls.length === 1);
  await callbacks?.stop(2_100);
  expect(await agent.delivery(task_id)).toMatchObject({ status: 'pending', attempts: [] });
  answer = (_call, response) => response.end();
  deliver([NEVER]);
  await agent.settled(task_id, 'delivered');
  expect(receiver.calls).toHaveLength(2);
});

describe('a job that runs again', () => {
  const entry = (task_id: string) => `{agenthook:0}:delivery:cb-${task_id}`;
  const left = async () => {
    const { prioritized, active } = await jobs();
    return prioritized === 0 && active === 0;
  };

  test('sends nothing where its worker died after the delivery had ended', async () => {
    const agent = await agentWith();
    const task_id = await agent.finish();
    await ctx.redis.hset(entry(task_id), 'status', 'delivered');
    deliver();
    await until('the job has left the queue', left);
    expect(receiver.calls).toHaveLength(0);
  });

  test('waits where its worker died after an attempt had failed', async () => {
    const agent = await agentWith();
    const task_id = await agent.finish();
    await ctx.redis.hset(entry(task_id), 'next_ms', Date.now() + 60_000);
    const waiting = (await jobs()).delayed ?? 0;
    deliver();
    await until('it waits', async () => (await jobs()).delayed === waiting + 1);
    expect(receiver.calls).toHaveLength(0);
    await resendCallback(ctx, agent.id, `cb-${task_id}`);
    await agent.settled(task_id, 'delivered');
  });

  test('is given up where worker after worker died with it', async () => {
    const agent = await agentWith();
    const task_id = await agent.finish();
    await ctx.redis.hset(entry(task_id), 'claims', 50);
    deliver();
    expect(await agent.settled(task_id, 'failed')).toMatchObject({ reason: 'worker_lost', attempts: [] });
    expect(receiver.calls).toHaveLength(0);
  });

  test('ends where its task has expired', async () => {
    const agent = await agentWith();
    const task_id = await agent.finish();
    await ctx.redis.del(`{agenthook:0}:tasks:${task_id}`);
    deliver();
    expect(await agent.settled(task_id, 'failed')).toMatchObject({ reason: 'task_expired', attempts: [] });
  });
});

test('a resend while an attempt is under way is sent too', async () => {
  deliver();
  const agent = await agentWith();
  let resent: Promise<unknown> | undefined;
  answer = async (call, response) => {
    const id = String(call.headers['webhook-id']);
    const entry = `{agenthook:0}:delivery:${id}`;
    resent ??= resendCallback(ctx, agent.id, id);
    // The round that it begins is there before this attempt has ended.
    await until('it is renewed', async () => ctx.redis.hget(entry, 'round'));
    response.writeHead(204).end();
  };
  const task_id = await agent.finish();
  await until('both are sent', () => receiver.calls.length === 2);
  await resent;
  expect(await agent.settled(task_id, 'delivered')).toMatchObject({ attempts: [{}, {}] });
});

test('a resend works whatever became of the delivery, and as often as one likes', async () => {
  deliver([]);
  const agent = await agentWith();
  const task_id = await agent.finish();
  for (let n = 1; n <= 25; n++) {
    await agent.settled(task_id, 'delivered');
    if (n < 25) expect((await resendCallback(ctx, agent.id, `cb-${task_id}`)).id).toBe(`cb-${task_id}`);
  }
  expect(receiver.calls).toHaveLength(25);
  expect((await agent.delivery(task_id)).attempts).toHaveLength(20);
});

test('what waits ends when its agent is deleted or has no callback any more', async () => {
  const agent = await agentWith();
  const without = await agent.finish();
  await patchAgent(ctx, agent.id, { callback: null });
  deliver([]);
  expect(await agent.settled(without, 'skipped')).toMatchObject({ reason: 'callback_removed' });
  await callbacks?.stop(1_000);

  await patchAgent(ctx, agent.id, { callback: { url: receiver.url } });
  const deleted = await agent.finish();
  await deleteAgent(ctx, agent.id);
  deliver([]);
  const status = () => ctx.redis.hmget(`{agenthook:0}:delivery:cb-${deleted}`, 'status', 'reason');
  await until('it is skipped', async () => (await status())[0] === 'skipped');
  expect(await status()).toEqual(['skipped', 'agent_deleted']);
  expect(receiver.calls).toHaveLength(0);
});
