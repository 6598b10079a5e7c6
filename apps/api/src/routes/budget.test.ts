import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

const put = (budget: unknown) => env.admin({ method: 'PUT', url: '/api/budget', payload: { budget } });

test('the budget of the installation is set, read and removed; viewers only read', async () => {
  const set = { per_day_usd: 3, per_month_usd: null, per_day_tokens: 500, on_limit: 'park' };
  const budget = { per_day_usd: 3, per_day_tokens: 500, on_limit: 'park' };
  expect((await put(budget)).json()).toMatchObject({ scope: 'installation', budget: set, warnings: [] });
  const viewer = await env.as('viewer', { see_payloads: false });
  const state = (await viewer.send({ url: '/api/budget' })).json();
  expect(state).toMatchObject({ budget: set, spend: { day_tokens: 0, reserved_usd: 0 } });
  expect(state.limits.map(({ limit }: { limit: string }) => limit)).toEqual([
    'per_day_tokens',
    'per_day_usd',
  ]);
  expect(
    (await viewer.send({ method: 'PUT', url: '/api/budget', payload: { budget: null } })).statusCode,
  ).toBe(403);
  expect((await put(null)).json()).toMatchObject({ budget: null, spend: null, limits: [] });
});

test.each([
  {},
  { on_limit: 'park' },
  { per_day_usd: null },
  { per_day_usd: 0 },
  { per_day_usd: -1 },
  { per_day_tokens: 1.5 },
  { per_day_usd: 1, on_limit: 'wait' },
  { per_week_usd: 1 },
])('%j is no budget', async (budget) => {
  expect((await put(budget)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
  const agent = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', budget } });
  expect(agent.json()).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('agents have a budget, which is listed with what is spent, and a warning for models without a price', async () => {
  const payload = { name: 'a', model: 'compatible:own', budget: { per_day_usd: 1 } };
  const made = (await env.admin({ method: 'POST', url: '/api/agents', payload })).json();
  const budget = { per_day_usd: 1, per_month_usd: null, per_day_tokens: null, on_limit: 'reject' };
  expect(made).toMatchObject({ budget });
  expect(made.warnings).toEqual(
    expect.arrayContaining([expect.objectContaining({ path: '/budget/per_day_usd', code: 'unknown_price' })]),
  );
  const state = {
    scope: 'agent',
    agent_id: made.id,
    budget,
    limits: [{ limit: 'per_day_usd', max: 1, used: 0 }],
  };
  expect((await env.admin({ url: `/api/agents/${made.id}/budget` })).json()).toMatchObject(state);
  expect((await env.admin({ url: '/api/budget/agents?limit=1' })).json()).toMatchObject({
    agents: [state],
    next_cursor: null,
  });
  expect((await env.admin({ url: '/api/agents/agt_none/budget' })).json()).toMatchObject({
    code: 'unknown_agent',
  });
  await env.admin({ method: 'PATCH', url: `/api/agents/${made.id}`, payload: { budget: null } });
  expect((await env.admin({ url: '/api/budget/agents' })).json()).toEqual({ agents: [], next_cursor: null });
});
