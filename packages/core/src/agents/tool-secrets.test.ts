import type { AgentInput, ToolConfig } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { createAgent } from './create-agent.js';
import { getVersion } from './get-version.js';
import { openSecrets } from './tool-secrets.js';
import { patchAgent, replaceAgent } from './update-agent.js';
import { readVersion } from './version-store.js';

const MODEL = 'sandbox:echo';
const SECRET = 'tok_live_very_secret';
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

const http = (secrets?: ToolConfig['secrets']): ToolConfig => ({
  type: 'http',
  name: 'crm',
  method: 'POST',
  url: 'https://crm.example.com/leads',
  headers: { authorization: 'Bearer {{ secrets.TOKEN }}' },
  ...(secrets && { secrets }),
});
const input = (secrets?: ToolConfig['secrets']): AgentInput => ({ name: 'a', tools: [http(secrets)] });

async function secretsAt(id: string, version: number) {
  const stored = await readVersion(ctx, id, version);
  return stored && openSecrets(stored, ctx.secrets, id).tools[0]?.secrets;
}

describe('secrets of tools', () => {
  test('are shown as true, stored encrypted, and opened for a run', async () => {
    const agent = await createAgent(ctx, input({ TOKEN: SECRET }), MODEL);
    expect(agent.tools[0]?.secrets).toEqual({ TOKEN: true });
    expect(JSON.stringify(await getVersion(ctx, agent.id, 1))).not.toContain(SECRET);
    for (const key of await ctx.redis.keys('*agent:*')) {
      expect(JSON.stringify(await ctx.redis.hgetall(key))).not.toContain(SECRET);
    }
    expect(await secretsAt(agent.id, 1)).toEqual({ TOKEN: SECRET });
  });

  test('are kept by true and by changes of something else, and replaced by a new value', async () => {
    const { id } = await createAgent(ctx, input({ TOKEN: SECRET }), MODEL);
    await patchAgent(ctx, id, { description: 'new' });
    await replaceAgent(ctx, id, input({ TOKEN: true }), MODEL);
    await patchAgent(ctx, id, { tools: [http({ TOKEN: 'another_value' })] });
    expect(await secretsAt(id, 2)).toEqual({ TOKEN: SECRET });
    expect(await secretsAt(id, 3)).toEqual({ TOKEN: SECRET });
    expect(await secretsAt(id, 4)).toEqual({ TOKEN: 'another_value' });
  });

  test('that are not stored cannot be kept', async () => {
    await expect(createAgent(ctx, input({ TOKEN: true }), MODEL)).rejects.toMatchObject({
      code: 'invalid_request',
      issues: [{ path: '/tools/0/secrets/TOKEN' }],
    });
    const { id } = await createAgent(ctx, input({ TOKEN: SECRET }), MODEL);
    await expect(patchAgent(ctx, id, { tools: [http({ TOKEN: true, OTHER: true })] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('of one agent do not open for another', async () => {
    const { id } = await createAgent(ctx, input({ TOKEN: SECRET }), MODEL);
    const stored = await readVersion(ctx, id, 1);
    if (!stored) throw new Error('not stored');
    expect(() => openSecrets(stored, ctx.secrets, 'agt_other')).toThrow();
  });
});

describe('a configuration that could never run is refused, with the place', () => {
  test.each<[string, AgentInput, string, string]>([
    [
      'a fallback without provider',
      { name: 'a', fallback_models: ['gpt'] },
      'unknown_model',
      '/fallback_models/0',
    ],
    [
      'a cost budget without a price',
      { name: 'a', model: 'compatible:mine', limits: { max_cost_usd: 1 } },
      'unknown_price',
      '/limits/max_cost_usd',
    ],
    [
      'a cost budget with a fallback without a price',
      { name: 'a', model: 'openai:gpt-5-mini', fallback_models: ['ollama:x'], limits: { max_cost_usd: 1 } },
      'unknown_price',
      '/limits/max_cost_usd',
    ],
    [
      'a schema that does not compile',
      { name: 'a', output_schema: { type: 'objekt' } },
      'invalid_schema',
      '/output_schema',
    ],
    [
      'a search without its key',
      { name: 'a', tools: [{ type: 'web_search', name: 's', engine: 'brave' }] },
      'invalid_request',
      '/tools/0/secrets/api_key',
    ],
    [
      'a database without its URL',
      { name: 'a', tools: [{ type: 'postgres', name: 'db' }] },
      'invalid_request',
      '/tools/0/secrets/url',
    ],
    [
      'a specification given twice',
      {
        name: 'a',
        tools: [
          { type: 'openapi', name: 'o', operations: ['x'], spec: '{}', spec_url: 'https://example.com/x' },
        ],
      },
      'invalid_request',
      '/tools/0/spec_url',
    ],
    [
      'a notification without its topic',
      { name: 'a', tools: [{ type: 'notify', name: 'n', channel: 'ntfy' }] },
      'invalid_request',
      '/tools/0/topic',
    ],
    ['two tools of one name', { name: 'a', tools: [http(), http()] }, 'invalid_tools', '/tools/1/name'],
    [
      'a template with a secret that its tool does not have',
      { name: 'a', tools: [{ ...http(), secrets: { TOKE: SECRET } } as ToolConfig] },
      'invalid_tools',
      '/tools/0/headers/authorization',
    ],
    [
      'a tool template that does not parse',
      { name: 'a', tools: [{ ...http(), headers: { 'x-a': 'ok {{ secrets.T | nope }}' } } as ToolConfig] },
      'invalid_template',
      '/tools/0/headers/x-a',
    ],
    [
      "a tool's parameters that do not compile",
      { name: 'a', tools: [{ ...http(), parameters: { type: 7 } } as ToolConfig] },
      'invalid_schema',
      '/tools/0/parameters',
    ],
  ])('%s', async (_name, agent, code, path) => {
    await expect(createAgent(ctx, agent, MODEL)).rejects.toMatchObject({ code, issues: [{ path }] });
  });

  test('but a cost budget with known prices is not', async () => {
    const agent = { name: 'a', model: 'openai:gpt-5-mini-2025-08-07', limits: { max_cost_usd: 0.5 } };
    expect(await createAgent(ctx, agent, MODEL)).toMatchObject({ limits: { max_cost_usd: 0.5 } });
  });
});
