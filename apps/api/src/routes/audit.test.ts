import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let agent: string;

beforeAll(async () => {
  env = await testApp();
  const made = await env.admin({
    method: 'POST',
    url: '/api/agents',
    payload: { name: 'a', signature: { scheme: 'github', secret: 'a secret of enough length' } },
  });
  agent = made.json().id;
});
afterAll(() => env?.close());

interface Entry {
  action: string;
  before: string | null;
  after: string | null;
  [name: string]: unknown;
}
const read = async (query = ''): Promise<{ entries: Entry[]; next_cursor: string | null }> =>
  (await env.admin({ url: `/api/audit?${query}` })).json();
const patch = (payload: object) => env.admin({ method: 'PATCH', url: `/api/agents/${agent}`, payload });

test('each change of an agent is an entry with who, what, and the object before and after', async () => {
  await patch({ description: 'other' });
  await patch({ description: 'other' });
  const { entries } = await read(`object=${agent}`);
  expect(entries.map(({ action }) => action)).toEqual(['patchAgent', 'patchAgent', 'createAgent']);
  const [same, changed, created] = entries;
  expect(created).toMatchObject({
    actor: { kind: 'environment', key_id: null, name: 'ADMIN_API_KEY', session_id: null },
    object: { type: 'agent', id: agent },
    before: null,
    after: expect.stringMatching(/^[0-9a-f]{64}$/),
    outcome: 'done',
  });
  expect(changed?.before).toBe(created?.after);
  expect(changed?.after).not.toBe(changed?.before);
  expect(same?.after).toBe(same?.before);
});

test('keys, webhooks, budgets and erasures are in it, never a secret or a token, and no refused request', async () => {
  const made = (
    await env.admin({ method: 'POST', url: '/api/keys', payload: { name: 'Ada', role: 'admin' } })
  ).json();
  const asAda = (options: object) =>
    env.app.inject({ ...options, headers: { authorization: `Bearer ${made.key}` } });
  const { token } = (await asAda({ method: 'POST', url: `/api/agents/${agent}/webhook` })).json();
  const set = await asAda({ method: 'PUT', url: '/api/budget', payload: { budget: { per_day_usd: 3 } } });
  expect(set.json()).toMatchObject({ budget: { per_day_usd: 3, on_limit: 'reject' }, warnings: [] });
  await asAda({ method: 'PUT', url: '/api/budget', payload: { budget: {} } });
  await asAda({ method: 'DELETE', url: '/api/tasks?idempotency_key=none' });
  await env.admin({ method: 'DELETE', url: `/api/keys/${made.id}` });

  const { entries } = await read('actor=Ada');
  expect(entries.map(({ action, object }) => [action, object])).toEqual(
    expect.arrayContaining([
      ['setBudget', { type: 'budget', id: null }],
      ['mintWebhook', { type: 'agent', id: agent }],
    ]),
  );
  expect(entries.filter(({ action }) => action === 'setBudget')).toHaveLength(1);
  expect(entries[0]).toMatchObject({ actor: { kind: 'key', key_id: made.id } });
  const ofKey = (await read(`object=${made.id}`)).entries;
  expect(ofKey.map(({ action }) => action)).toEqual(['revokeApiKey', 'createApiKey']);
  expect(ofKey[0]).toMatchObject({ before: ofKey[1]?.after, after: null });
  const all = (await env.admin({ url: '/api/audit/export?format=ndjson' })).body;
  for (const secret of [made.key, token, 'a secret of enough length']) expect(all).not.toContain(secret);
  expect((await (await env.as('operator')).send({ url: '/api/audit' })).statusCode).toBe(403);
});

test('an entry of a pause says what was paused', async () => {
  for (const action of ['pause', 'resume'])
    await env.admin({ method: 'POST', url: `/api/${action}`, payload: { scope: 'agent', agent_id: agent } });
  const { entries } = await read('object=pause');
  expect(entries).toMatchObject(
    ['resume', 'pause'].map((action) => ({ action, details: { scope: 'agent', agent_id: agent } })),
  );
});

test('pages follow each other, filters hold, and the export has every entry once', async () => {
  const first = await read('limit=2');
  const second = await read(`limit=200&cursor=${first.next_cursor}`);
  const all = (await env.admin({ url: '/api/audit/export' })).body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect([...first.entries, ...second.entries].map(({ id }) => id)).toEqual(all);
  expect(second.next_cursor).toBeNull();
  const csv = (await env.admin({ url: '/api/audit/export?format=csv&action=patchAgent' })).body
    .trim()
    .split('\r\n');
  expect(csv).toHaveLength(3);
  expect((await read('to=2020-01-01T00:00:00Z')).entries).toEqual([]);
  expect((await read('from=1960-01-01T00:00:00Z&limit=200')).entries.map(({ id }) => id)).toEqual(all);
  for (const cursor of ['x', '0-0'])
    expect((await env.admin({ url: `/api/audit?cursor=${cursor}` })).statusCode).toBe(400);
});

test('a change whose process died is in the log as unknown', async () => {
  const entry = { id: 'dead', at: '2026-11-29T00:00:00.000Z', outcome: 'unknown' };
  const details = { actor: { name: 'gone' }, action: 'deleteAgent', object: { type: 'agent', id: 'agt_x' } };
  const stale = `${env.ctx.now() - 700_000} ${JSON.stringify({ ...entry, ...details })}`;
  await env.ctx.redis.hset('{agenthook}:audit:open', 'dead', stale);
  await patch({ description: 'next' });
  expect((await read('object=agt_x')).entries).toMatchObject([{ id: 'dead', outcome: 'unknown' }]);
  expect(await env.ctx.redis.hlen('{agenthook}:audit:open')).toBe(0);
});

test('the log keeps no change from being made', async () => {
  await env.ctx.redis.set('{agenthook}:audit:kept', '');
  await env.ctx.redis.rename('{agenthook}:audit', '{agenthook}:audit:kept');
  await env.ctx.redis.set('{agenthook}:audit', 'no stream');
  expect((await patch({ description: 'made anyway' })).statusCode).toBe(200);
  await env.ctx.redis.rename('{agenthook}:audit:kept', '{agenthook}:audit');
  expect((await env.admin({ url: `/api/agents/${agent}` })).json()).toMatchObject({
    description: 'made anyway',
  });
});
