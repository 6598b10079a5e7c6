import { setTimeout as sleep } from 'node:timers/promises';
import type { Pause } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../test/context.js';
import { DAMAGE } from '../test/damage.js';
import { createAgent } from './agents/create-agent.js';
import { addDocument, listDocuments, removeDocument } from './agents/documents/document-store.js';
import { searchDocuments } from './agents/documents/search.js';
import { listAgents } from './agents/list-agents.js';
import { memoryOf } from './agents/memory-store.js';
import { mintWebhook } from './agents/mint-webhook.js';
import { memberOf } from './agents/schedules/schedule-store.js';
import { patchAgent } from './agents/update-agent.js';
import { createVersionCache } from './agents/version-cache.js';
import { ALERT } from './alerts/alert-hash.js';
import { readAlerts } from './alerts/alert-store.js';
import { createRule, deleteRule, getRule, listRules } from './alerts/rule-store.js';
import { readAudit } from './audit/read-audit.js';
import { saveInstallationBudget } from './budget/installation.js';
import { agentBudget, installationBudget, listBudgets } from './budget/read-budgets.js';
import { createBulk, getBulk, listBulk } from './bulk/bulk-store.js';
import { startBulk } from './bulk/start-bulk.js';
import { createChannel, deleteChannel, listChannels } from './channels/channel-store.js';
import type { Context } from './context.js';
import { createDelivery } from './deliveries/delivery-log.js';
import { listDeliveries } from './deliveries/list-deliveries.js';
import { sweepFinished } from './erasing/sweep.js';
import { listRejections } from './intake/list-rejections.js';
import { keepEvent, readEvent, rowsOfEvents, type StoredRejection } from './intake/rejection-store.js';
import { trigger } from './intake/trigger.js';
import { listPauses, pause } from './pauses/pause.js';
import { resume } from './pauses/resume.js';
import { deliveryIdOf } from './queue/delivery-id.js';
import { OPTIONS_FIELD } from './queue/job.js';
import { keys } from './redis/keys.js';
import { listSchedules } from './schedules/list-schedules.js';
import { resumeSchedule } from './schedules/resume-schedule.js';
import { runDue } from './schedules/run-due.js';
import { cancelTask } from './tasks/cancel.js';
import { listTasks } from './tasks/list/list-tasks.js';
import { taskStatus } from './tasks/status.js';

const MODEL = 'sandbox:echo';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const agent = async (rest = {}) => (await createAgent(ctx, { name: 'a', ...rest }, MODEL)).id;

async function post(agentId: string): Promise<string> {
  const { token } = await mintWebhook(ctx, agentId, 0);
  const outcome = await trigger(ctx, { token, ...postOf('{}') });
  return 'task_id' in outcome && outcome.task_id ? outcome.task_id : '';
}

describe.each(DAMAGE)('a row that is %s', (damage) => {
  test('of a rejection hides no other, on its page and behind it', async () => {
    const id = await agent();
    const row: StoredRejection = {
      code: 'invalid_json',
      detail: '',
      at: new Date(ctx.now()).toISOString(),
      method: 'POST',
      content_type: null,
      headers: {},
      body_bytes: 1,
      accepted: null,
    };
    for (let n = 0; n < 3; n++) {
      await keepEvent(ctx, id, 'rejected', row, Buffer.from(`${n}`));
      env.advance(1);
    }
    const [, middle = ''] = (await ctx.redis.hkeys(keys.agentRejections(id))).sort();
    await ctx.redis.hset(keys.agentRejections(id), middle, damage);
    const bodies = async (limit: number) => {
      const found: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await listRejections(ctx, id, { limit, ...(cursor && { cursor }) });
        found.push(...page.rejections.map(({ body }) => body));
        if (page.next_cursor === null) return found;
        cursor = page.next_cursor;
      }
    };
    expect(await bodies(10)).toEqual(['2', '0']);
    expect(await bodies(1)).toEqual(['2', '0']);
    expect(await rowsOfEvents(ctx, id, 'rejected')).toHaveLength(2);
    expect(await readEvent(ctx, id, middle)).toBeUndefined();
  });

  test('of a document hides no other, in the list and in searches, and can be removed', async () => {
    const id = await agent();
    const bad = await addDocument(ctx, id, { name: 'bad', text: 'about cats' });
    await addDocument(ctx, id, { name: 'sound', text: 'about cats' });
    await ctx.redis.hset(keys.agentDocuments(id), bad.id, damage);
    expect((await listDocuments(ctx, id)).map(({ name }) => name)).toEqual(['sound']);
    const found = await searchDocuments(ctx, id, 'cats', 5, AbortSignal.timeout(60_000));
    expect(JSON.stringify(found)).toContain('sound');
    await removeDocument(ctx, id, bad.id);
    expect(await ctx.redis.hlen(keys.agentDocuments(id))).toBe(1);
  });

  test('of a schedule is told, and goes on with its next due time', async () => {
    const schedules = ['one', 'two'].map((name) => ({ id: name, every_seconds: 60, payload: {} }));
    const id = await agent({ schedules });
    const damaged = () => ctx.redis.hset(keys.agentSchedules(id), 'one', damage);
    await damaged();
    const [one, two] = await listSchedules(ctx, id);
    expect(one).toMatchObject({ next_runs: [], paused_reason: expect.stringContaining('cannot be read') });
    expect(two).toMatchObject({ paused_reason: null });
    const repaired = async () => {
      const [state] = await listSchedules(ctx, id);
      expect(state?.paused_reason).toBeNull();
      expect(Date.parse(state?.next_runs[0] ?? '')).toBeGreaterThan(ctx.now());
    };
    // By a worker's next look, by a person, and by a save of the agent.
    await ctx.redis.zadd(keys.schedules, ctx.now() - 100, memberOf(id, 'one'));
    await runDue(ctx, createVersionCache(ctx));
    await repaired();
    await damaged();
    await resumeSchedule(ctx, id, 'one');
    await repaired();
    await damaged();
    await patchAgent(ctx, id, { name: 'b', schedules });
    await repaired();
    expect((await listTasks(ctx, {}, { limit: 10 })).tasks).toEqual([]);
  });

  test('of a budget hides no other, and stops no trigger', async () => {
    const bad = await agent({ budget: { per_day_usd: 1 } });
    const sound = await agent({ budget: { per_day_usd: 2 } });
    const gate = (await ctx.redis.hget(keys.agent(bad), 'gate')) ?? '';
    await ctx.redis.hset(keys.agent(bad), 'gate', gate.replace(/"budget":\{[^}]*\}/, `"budget":${damage}`));
    await saveInstallationBudget(ctx, { budget: { per_day_usd: 5 } });
    await ctx.redis.set(keys.budget, damage);
    const { agents } = await listBudgets(ctx, { limit: 10 });
    expect(agents.find(({ agent_id }) => agent_id === sound)?.budget).toMatchObject({ per_day_usd: 2 });
    expect((await agentBudget(ctx, bad)).limits).toEqual([]);
    expect((await installationBudget(ctx)).limits).toEqual([]);
    expect(await taskStatus(ctx, await post(sound))).toMatchObject({ status: 'PENDING' });
    const saved = await saveInstallationBudget(ctx, { budget: { per_day_usd: 5 } });
    expect(saved.budget).toMatchObject({ per_day_usd: 5 });
  });

  test('of a pause holds, is shown, and can be resumed', async () => {
    const [bad, sound] = [await agent(), await agent()];
    await pause(ctx, { scope: 'agent', agent_id: bad }, 'ada');
    await pause(ctx, { scope: 'agent', agent_id: sound }, 'ada');
    await ctx.redis.hset(keys.pauses(0), bad, damage);
    const byAgent = new Map((await listPauses(ctx)).map((one: Pause) => [one.agent_id, one]));
    expect(byAgent.get(sound)).toMatchObject({ by: 'ada' });
    expect(byAgent.get(bad)).toMatchObject({ note: expect.stringContaining('cannot be read') });
    const { agents } = await listAgents(ctx, { limit: 10 });
    expect(agents.map(({ paused }) => paused?.reason)).toEqual(['by_person', 'by_person']);
    expect(await resume(ctx, { scope: 'agent', agent_id: bad })).toBe(true);
    expect(await listPauses(ctx)).toHaveLength(1);
  });

  test('of a bulk job hides no other, and is not taken for ever', async () => {
    const create = async () =>
      (await createBulk(ctx, { action: 'cancel', filter: null, given: null, created_by: null }, ['x'])).job;
    const [bad, sound] = [await create(), await create()];
    await ctx.redis.hset(keys.bulkJob(bad.id), 'about', damage);
    expect((await listBulk(ctx)).map(({ id }) => id)).toEqual([sound.id]);
    await expect(getBulk(ctx, bad.id)).rejects.toMatchObject({ code: 'unknown_bulk_job' });
    const stop = startBulk(ctx);
    const end = Date.now() + 30_000;
    while ((await ctx.redis.zcard(keys.openBulkJobs)) > 0 && Date.now() < end) await sleep(20);
    await stop();
    expect(await ctx.redis.zcard(keys.openBulkJobs)).toBe(0);
  });

  test('of a webhook or a callback hides no agent', async () => {
    const [bad, sound] = [await agent({ callback: { url: 'https://a.example' } }), await agent()];
    await mintWebhook(ctx, bad, 0);
    const fields = ['token_created_ms', 'last_used_ms', 'previous_expires_ms', 'callback_secrets'];
    for (const field of [...fields, 'callback_disabled'])
      await ctx.redis.hset(keys.agent(bad), field, damage);
    const { agents } = await listAgents(ctx, { limit: 10 });
    expect(agents.map(({ id }) => id).sort()).toEqual([bad, sound].sort());
    expect(agents.find(({ id }) => id === bad)?.webhook?.token_hint).toBeDefined();
  });

  test('of a callback delivery, a note or an audit entry hides no other', async () => {
    const id = await agent();
    const task = await post(id);
    const delivery = {
      id: deliveryIdOf(task),
      agentId: id,
      type: 'task.succeeded',
      url: 'https://a.example',
    };
    await createDelivery(ctx, 0, { ...delivery, type: 'task.succeeded' });
    await ctx.redis.hset(keys.delivery(0, delivery.id), { attempts: damage, created_ms: damage });
    expect((await listDeliveries(ctx, id, { limit: 10 })).callbacks).toMatchObject([{ attempts: [] }]);

    const notes = memoryOf(ctx, id);
    await notes.save('sound', 'text', 10);
    await notes.save('bad', 'text', 10);
    await ctx.redis.hset(keys.agentNotes(id), 'bad', damage);
    const found: string[] = [];
    for await (const page of notes.list()) found.push(...page.map(({ key }) => key));
    expect(found).toEqual(['sound']);

    await ctx.redis.xadd(keys.audit, '*', 'e', damage);
    expect((await readAudit(ctx, {}, { limit: 10 })).entries).toEqual([]);
  });

  test('of a notify channel or an alert rule hides no other', async () => {
    for (const name of ['bad', 'sound'])
      await createChannel(ctx, { name, type: 'webhook', url: 'https://a.example/' });
    await ctx.redis.hset(keys.notifyChannels, 'bad', damage);
    expect((await listChannels(ctx)).map(({ name }) => name)).toEqual(['sound']);
    await deleteChannel(ctx, 'bad');
    expect(await ctx.redis.hkeys(keys.notifyChannels)).toEqual(['sound']);

    const rule = { type: 'first_failure' as const };
    const [bad, sound] = [
      await createRule(ctx, { ...rule, name: 'bad' }),
      await createRule(ctx, { ...rule, name: 'sound' }),
    ];
    await ctx.redis.hset(keys.alertRules, bad.id, damage);
    expect((await listRules(ctx)).map(({ id }) => id)).toEqual([sound.id]);
    await expect(getRule(ctx, bad.id)).rejects.toMatchObject({ code: 'unknown_alert_rule' });
    await deleteRule(ctx, bad.id);

    await ctx.redis.hset(keys.alert('alt_bad'), ALERT.about, damage);
    expect(await readAlerts(ctx, ['alt_bad'])).toEqual([]);
  });

  test('of a task hides no other, and keeps none from its end', async () => {
    const id = await agent();
    const [bad, sound] = [await post(id), await post(id)];
    for (const task of [bad, sound]) await cancelTask(ctx, task);
    await ctx.redis.hset(keys.job(0, bad), { [OPTIONS_FIELD]: damage, ended: damage });
    const { tasks } = await listTasks(ctx, {}, { limit: 10 });
    expect(tasks.map(({ task_id }) => task_id)).toContain(sound);
    env.advance(3_700_000);
    await sweepFinished(ctx);
    expect(await ctx.redis.exists(keys.job(0, bad), keys.job(0, sound))).toBe(0);
    env.advance(-3_700_000);
  });
});
