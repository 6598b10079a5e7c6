import {
  enqueueCallback,
  getAgent,
  listDeliveries,
  patchAgent,
  removeAgent,
  resendCallback,
  rotateCallback,
  taskStatus,
} from '@agenthook/core';
import { type HttpCall, until } from '@agenthook/testing';
import { describe, expect, test } from '@jest/globals';
import { NEVER, setTheStage, verify } from '../test/callbacks.js';

const stage = setTheStage();

describe('a callback', () => {
  test('reports the end of a task, signed per Standard Webhooks', async () => {
    stage.deliver();
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    const delivered = await agent.settled(task_id, 'delivered');
    const [call] = stage.receiver.calls as [HttpCall];
    const state = await taskStatus(stage.ctx, task_id);
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
      url: `${stage.receiver.url}/hook?key=q`,
      attempts: [{ response_status: 204, error: null, response_excerpt: '' }],
      next_attempt_at: null,
    });
    expect(() => verify(agent.secret, { ...call, body: call.body.replace('done', 'gone') })).toThrow();
  });

  test('reports a failure as task.failed', async () => {
    stage.deliver();
    const agent = await stage.agentWith();
    await agent.settled(await agent.finish({ steps: [{ fail: 'auth' }] }), 'delivered');
    expect(verify(agent.secret, stage.receiver.calls[0] as HttpCall)).toMatchObject({
      type: 'task.failed',
      data: { status: 'FAILURE', result: { error: { code: 'model_auth' } } },
    });
  });

  test('is sent once, however often the end is reported', async () => {
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    const ended = { shard: 0, task_id, agent_id: agent.id, status: 'SUCCESS' as const };
    await Promise.all(Array.from({ length: 20 }, () => enqueueCallback(stage.ctx, ended)));
    expect(await stage.jobs()).toMatchObject({ prioritized: 1, active: 0, delayed: 0 });
    stage.deliver();
    await agent.settled(task_id, 'delivered');
    await enqueueCallback(stage.ctx, ended);
    const other = await agent.finish();
    await agent.settled(other, 'delivered');
    expect(stage.receiver.calls.map(({ headers }) => headers['webhook-id'])).toEqual([
      `cb-${task_id}`,
      `cb-${other}`,
    ]);
  });

  test('costs an agent without one no job and no entry', async () => {
    const agent = await stage.agentWith(null);
    const task_id = await agent.finish();
    expect(await listDeliveries(stage.ctx, agent.id, { limit: 10 })).toEqual({
      callbacks: [],
      next_cursor: null,
    });
    expect(await stage.jobs()).toMatchObject({ prioritized: 0, waiting: 0, active: 0, delayed: 0 });
    expect(await stage.ctx.redis.exists(`{agenthook:0}:delivery:cb-${task_id}`)).toBe(0);
  });
});

test('an address that is not public is refused at once, with the name of the setting', async () => {
  stage.deliver([0.01]);
  for (const url of [
    'http://169.254.169.254/latest',
    'http://10.0.0.1/',
    'http://[::1]:1/',
    'http://localhost.:1/',
  ]) {
    const agent = await stage.agentWith({ url: url.replace('localhost.', '0x7f.2') });
    expect(await agent.settled(await agent.finish(), 'failed')).toMatchObject({
      reason: 'refused',
      attempts: [{ response_status: null, error: expect.stringContaining('EGRESS_ALLOW') }],
    });
    expect((await getAgent(stage.ctx, agent.id)).callback?.disabled).toBeNull();
  }
});

test('during a rotation both secrets sign, and afterwards only the new one', async () => {
  stage.deliver();
  const agent = await stage.agentWith();
  const { secret, previous_expires_at } = await rotateCallback(stage.ctx, agent.id, 2);
  expect((await getAgent(stage.ctx, agent.id)).callback).toMatchObject({ secret: true, previous_expires_at });
  await agent.settled(await agent.finish(), 'delivered');
  const [during] = stage.receiver.calls as [HttpCall];
  expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  verify(secret, during);
  verify(agent.secret, during);
  await until('the overlap is over', () => Date.now() > Date.parse(previous_expires_at ?? ''));
  await agent.settled(await agent.finish(), 'delivered');
  const after = stage.receiver.calls[1] as HttpCall;
  verify(secret, after);
  expect(() => verify(agent.secret, after)).toThrow();
  expect((await getAgent(stage.ctx, agent.id)).callback?.previous_expires_at).toBeNull();
});

test('a stopping worker hands a delivery back, and the next one sends it', async () => {
  stage.answer = () => undefined;
  stage.deliver([NEVER]);
  const agent = await stage.agentWith();
  const task_id = await agent.finish();
  await until('the request hangs', () => stage.receiver.calls.length === 1);
  await stage.stopDelivering(2_100);
  expect(await agent.delivery(task_id)).toMatchObject({ status: 'pending', attempts: [] });
  stage.answer = (_call, response) => response.end();
  stage.deliver([NEVER]);
  await agent.settled(task_id, 'delivered');
  expect(stage.receiver.calls).toHaveLength(2);
});

describe('a job that runs again', () => {
  const entry = (task_id: string) => `{agenthook:0}:delivery:cb-${task_id}`;
  const left = async () => {
    const { prioritized, active } = await stage.jobs();
    return prioritized === 0 && active === 0;
  };

  test('sends nothing if its worker died after the delivery had ended', async () => {
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    await stage.ctx.redis.hset(entry(task_id), 'status', 'delivered');
    stage.deliver();
    await until('the job has left the queue', left);
    expect(stage.receiver.calls).toHaveLength(0);
  });

  test('waits if its worker died after an attempt had failed', async () => {
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    await stage.ctx.redis.hset(entry(task_id), 'next_ms', Date.now() + 60_000);
    const waiting = (await stage.jobs()).delayed ?? 0;
    stage.deliver();
    await until('it waits', async () => (await stage.jobs()).delayed === waiting + 1);
    expect(stage.receiver.calls).toHaveLength(0);
    await resendCallback(stage.ctx, agent.id, `cb-${task_id}`);
    await agent.settled(task_id, 'delivered');
  });

  test('is given up if worker after worker died while sending it', async () => {
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    await stage.ctx.redis.hset(entry(task_id), 'claims', 50);
    stage.deliver();
    expect(await agent.settled(task_id, 'failed')).toMatchObject({ reason: 'worker_lost', attempts: [] });
    expect(stage.receiver.calls).toHaveLength(0);
  });

  test('ends if its task has expired', async () => {
    const agent = await stage.agentWith();
    const task_id = await agent.finish();
    await stage.ctx.redis.del(`{agenthook:0}:tasks:${task_id}`);
    stage.deliver();
    expect(await agent.settled(task_id, 'failed')).toMatchObject({ reason: 'task_expired', attempts: [] });
  });
});

test('a resend during an attempt is sent too', async () => {
  stage.deliver();
  const agent = await stage.agentWith();
  let resent: Promise<unknown> | undefined;
  stage.answer = async (call, response) => {
    const id = String(call.headers['webhook-id']);
    const entry = `{agenthook:0}:delivery:${id}`;
    resent ??= resendCallback(stage.ctx, agent.id, id);
    // The new round is stored before this attempt has ended.
    await until('it is renewed', async () => stage.ctx.redis.hget(entry, 'round'));
    response.writeHead(204).end();
  };
  const task_id = await agent.finish();
  await until('both are sent', () => stage.receiver.calls.length === 2);
  await resent;
  expect(await agent.settled(task_id, 'delivered')).toMatchObject({ attempts: [{}, {}] });
});

test.each<[string, number, number[]]>([
  ['goes well', 204, []],
  ['fails for good', 500, []],
  ['fails and would be retried much later', 500, [NEVER]],
])(
  'a resend is sent at once even if the previous attempt hangs, and then %s',
  async (_name, status, delays) => {
    stage.deliver(delays);
    const agent = await stage.agentWith();
    let resent: Promise<unknown> | undefined;
    stage.answer = async (call, response) => {
      if (resent) return response.writeHead(204).end();
      resent = resendCallback(stage.ctx, agent.id, String(call.headers['webhook-id']));
      await resent;
      response.writeHead(status).end();
    };
    const task_id = await agent.finish();
    expect(await agent.settled(task_id, 'delivered')).toMatchObject({
      attempts: [{ response_status: status }, { response_status: 204 }],
    });
    expect(stage.receiver.calls).toHaveLength(2);
  },
);

test('a resend works after any outcome, and any number of times', async () => {
  stage.deliver([]);
  const agent = await stage.agentWith();
  const task_id = await agent.finish();
  for (let n = 1; n <= 25; n++) {
    await agent.settled(task_id, 'delivered');
    if (n < 25)
      expect((await resendCallback(stage.ctx, agent.id, `cb-${task_id}`)).delivery.id).toBe(`cb-${task_id}`);
  }
  expect(stage.receiver.calls).toHaveLength(25);
  expect((await agent.delivery(task_id)).attempts).toHaveLength(20);
});

test('a waiting delivery ends when its agent is deleted or loses its callback', async () => {
  const agent = await stage.agentWith();
  const without = await agent.finish();
  await patchAgent(stage.ctx, agent.id, { callback: null });
  stage.deliver([]);
  expect(await agent.settled(without, 'skipped')).toMatchObject({ reason: 'callback_removed' });
  await stage.stopDelivering(1_000);

  await patchAgent(stage.ctx, agent.id, { callback: { url: stage.receiver.url } });
  const deleted = await agent.finish();
  await removeAgent(stage.ctx, agent.id);
  stage.deliver([]);
  const status = () => stage.ctx.redis.hmget(`{agenthook:0}:delivery:cb-${deleted}`, 'status', 'reason');
  await until('it is skipped', async () => (await status())[0] === 'skipped');
  expect(await status()).toEqual(['skipped', 'agent_deleted']);
  expect(stage.receiver.calls).toHaveLength(0);
});
