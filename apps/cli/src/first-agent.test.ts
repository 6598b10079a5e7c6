import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Answer, ApiClient } from './api-client.js';
import { findFirstAgent } from './first-agent.js';

const TOKEN = 'whk_abcdWXYZ';
let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agenthook-first-'));
  file = join(dir, 'first-agent.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

/** An api with these agents, which can create another one and its webhook. */
function fakeApi(agents: { id: string; name: string; webhook: { token_hint: string } | null }[]) {
  const calls: string[] = [];
  const api = jest.fn(async (method: string, path: string): Promise<Answer<unknown>> => {
    calls.push(`${method} ${path}`);
    if (path.endsWith('/webhook')) return { status: 200, body: { token: TOKEN } };
    if (method === 'POST') return { status: 201, body: { id: 'new', name: 'First agent', webhook: null } };
    if (path === '/api/agents') return { status: 200, body: { agents } };
    const agent = agents.find(({ id }) => path === `/api/agents/${id}`);
    return agent ? { status: 200, body: agent } : { status: 404, body: {} };
  });
  return { api: api as unknown as ApiClient, calls };
}

const remember = (agent_id: string) => writeFileSync(file, JSON.stringify({ agent_id, token: TOKEN }));

test('creates an agent and its webhook if there is none, and remembers them', async () => {
  const { api } = fakeApi([]);
  expect(await findFirstAgent(api, file)).toMatchObject({
    kind: 'ready',
    agent: { id: 'new' },
    token: TOKEN,
  });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ agent_id: 'new', token: TOKEN });
});

test('creates another if the remembered one and all others are gone', async () => {
  remember('old');
  expect(await findFirstAgent(fakeApi([]).api, file)).toMatchObject({ kind: 'ready', agent: { id: 'new' } });
});

test('remembers', async () => {
  remember('a');
  const { api, calls } = fakeApi([{ id: 'a', name: 'Renamed', webhook: { token_hint: 'WXYZ' } }]);
  expect(await findFirstAgent(api, file)).toMatchObject({ kind: 'ready', agent: { id: 'a' }, token: TOKEN });
  expect(calls).toEqual(['GET /api/agents/a']);
});

test.each([
  ['rotated', { token_hint: '0000' }],
  ['revoked', null],
])('knows no URL if it was %s, and creates none by itself', async (_how, webhook) => {
  remember('a');
  const { api, calls } = fakeApi([{ id: 'a', name: 'First agent', webhook }]);
  expect(await findFirstAgent(api, file)).toMatchObject({ kind: 'unknown', agent: { id: 'a' } });
  expect(calls).toEqual(['GET /api/agents/a']);
});

test('leaves agents alone that someone else created', async () => {
  const { api, calls } = fakeApi([{ id: 'a', name: 'Mine', webhook: null }]);
  expect(await findFirstAgent(api, file)).toMatchObject({ kind: 'unknown', agent: { id: 'a' } });
  expect(calls).toEqual(['GET /api/agents']);
});

test('completes an agent that an interrupted start left without a webhook', async () => {
  const { api } = fakeApi([{ id: 'a', name: 'First agent', webhook: null }]);
  expect(await findFirstAgent(api, file)).toMatchObject({ kind: 'ready', agent: { id: 'a' }, token: TOKEN });
});
