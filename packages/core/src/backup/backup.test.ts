import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TEST_SECRET_KEY, testContext } from '../../test/context.js';
import { createSignInLink } from '../access/sign-in-link.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { readAudit } from '../audit/read-audit.js';
import { beginAudit, endAudit } from '../audit/write-audit.js';
import { openBudget } from '../budget/open-budget.js';
import { agentBudget, listBudgets } from '../budget/read-budgets.js';
import type { Context } from '../context.js';
import { DATA_VERSION } from '../data-version.js';
import { trigger } from '../intake/trigger.js';
import { keys } from '../redis/keys.js';
import { restoreBackup } from './restore-backup.js';
import { writeBackup } from './write-backup.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let folder: string;
let files = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-backup-'));
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await env?.close();
});

async function backup(): Promise<string> {
  const file = join(folder, `${++files}.backup`);
  await writeBackup(ctx.redis, file);
  return file;
}
const restore = (file: string, merge = false) =>
  restoreBackup(ctx.redis, file, { secretKey: TEST_SECRET_KEY, merge });

async function budgeted(): Promise<string> {
  const { id } = await createAgent(ctx, { name: 'a', budget: { per_day_tokens: 100 } }, 'sandbox:echo');
  return id;
}

test('restored agents spend as before, but nothing stays reserved for turns that were open', async () => {
  const id = await budgeted();
  const log = { entries: [], append: async () => undefined };
  const task = '019329f1-c000-8abc-8def-0123456789ab';
  expect(
    await openBudget(ctx, { id: task, agentId: id, log }).reserve({ tokens: 90, usd: 0 }, undefined),
  ).toBe(undefined);
  expect((await agentBudget(ctx, id)).spend?.reserved_tokens).toBe(90);
  const file = await backup();
  await ctx.redis.flushdb();
  await restore(file);
  expect((await agentBudget(ctx, id)).spend?.reserved_tokens).toBe(0);
});

test('a merge adds agents to the list of budgets, and only those with one', async () => {
  const first = await budgeted();
  await createAgent(ctx, { name: 'without a "budget":' }, 'sandbox:echo');
  const file = await backup();
  await ctx.redis.flushdb();
  const second = await budgeted();
  await restore(file, true);
  const { agents } = await listBudgets(ctx, { limit: 10 });
  expect(agents.map(({ agent_id }) => agent_id)).toEqual([first, second].sort());
});

test('a restore that was interrupted in the middle of a large key is completed', async () => {
  const { id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  const count = 120_000;
  for (let from = 0; from < count; from += 10_000) {
    const notes = Array.from({ length: 10_000 }, (_, n) => [`note ${from + n}`, 'x']).flat();
    await ctx.redis.hset(keys.agentNotes(id), ...notes);
  }
  const file = await backup();
  await ctx.redis.flushdb();
  let records = 0;
  const killed = restoreBackup(ctx.redis, file, { secretKey: TEST_SECRET_KEY, merge: false }, () => {
    if (++records === 225) throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  expect(await ctx.redis.dbsize()).toBeGreaterThan(1);
  await restore(file, true);
  expect(await ctx.redis.hlen(keys.agentNotes(id))).toBe(count);
  expect(await ctx.redis.keys('*:restoring:*')).toEqual([]);
});

test('older data is migrated after a restore, also where the version was noted before', async () => {
  await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  const file = await backup();
  await ctx.redis.flushdb();
  await ctx.redis.set(keys.dataVersion, DATA_VERSION);
  await restore(file);
  expect(await ctx.redis.get(keys.dataVersion)).toBe('0');
  await ctx.redis.set(keys.dataVersion, DATA_VERSION + 1);
  await expect(restore(file, true)).rejects.toThrow(/upgrade AgentHook first/);
});

test('the audit log is kept, and a link that signs in once is not', async () => {
  const actor = { kind: 'environment', key_id: null, name: 'ADMIN_API_KEY', session_id: null } as const;
  for (let n = 0; n < 1_200; n++) {
    const open = await beginAudit(ctx, {
      actor,
      action: `a${n}`,
      object: { type: 'x', id: null },
      details: {},
    });
    await endAudit(ctx, open, { outcome: 'done' });
  }
  const before = await readAudit(ctx, {}, { limit: 1_200 });
  await createSignInLink(ctx, 'admin');
  const file = await backup();
  await ctx.redis.flushdb();
  await restore(file);
  expect(await readAudit(ctx, {}, { limit: 1_200 })).toEqual(before);
  expect(await ctx.redis.keys('*sign-in*')).toEqual([]);
});

test('a merge keeps the task that an idempotency key has', async () => {
  const { id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const send = () => trigger(ctx, { token, ...postOf('{}', { 'idempotency-key': 'key-1' }) });
  const first = await send();
  expect(first).toMatchObject({ outcome: 'accepted' });
  const file = await backup();
  const [name = ''] = await ctx.redis.keys('*:de:*');
  await ctx.redis.flushdb();
  await ctx.redis.set(name, 'another task');
  await restore(file, true);
  expect(await ctx.redis.get(name)).toBe('another task');
  await ctx.redis.flushdb();
  await restore(file);
  expect(await ctx.redis.get(name)).toBe('task_id' in first && first.task_id);
});
