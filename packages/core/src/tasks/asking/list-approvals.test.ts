import type { LogEntry } from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { enqueue } from '../enqueue.js';
import { openTaskLog } from '../task-log.js';
import { listApprovals } from './list-approvals.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
afterAll(() => env?.close());

const at = '2026-01-02T03:04:05.000Z';
const asked = (n: number): LogEntry => ({
  type: 'asked',
  at,
  attempt: 1,
  call: `1:${n}`,
  call_id: `c${n}`,
  kind: 'approval',
  name: 'refund',
  arguments: {},
  approvers: ['operator'],
  on_timeout: 'fail',
  on_deny: 'fail',
  expires_ms: Date.now() + 60_000,
});

async function askTimes(agent_id: string, times: number): Promise<void> {
  const data = { agent_id, agent_version: 1, payload: {}, headers: {} };
  const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
  await ctx.redis.set(keys.jobLock(0, id), 'token');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  for (let n = 0; n < times; n++) await log.append(asked(n));
}

test('one page of an agent is looked for among a thousand asks of others, and the next goes on', async () => {
  await askTimes('agt_other', 1_050);
  await askTimes('agt_ours', 1);
  const caller = { role: 'admin' as const, key_id: 'key_1', name: 'n', see_payloads: true, expires_ms: null };
  const page = (cursor?: string) =>
    listApprovals(ctx, { agentId: 'agt_ours', limit: 10, cursor, caller, urlOf: () => '' });
  const first = await page();
  expect(first).toEqual({ approvals: [], next_cursor: expect.any(String) });
  const second = await page(first.next_cursor ?? undefined);
  expect(second.approvals.map(({ agent_id }) => agent_id)).toEqual(['agt_ours']);
  expect(second.next_cursor).toBeNull();
});
