import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack, until } from '../index.js';

let stack: Stack;
let agentId: string;
const runs: Record<string, string> = {};

beforeAll(async () => {
  stack = await sharedStack();
  const secret = 'a secret of enough length';
  const { id } = await stack.createAgent({
    name: 'Labeller',
    title_path: 'payload.issue.title',
    signature: { scheme: 'github', secret },
  });
  agentId = id;
  const { token } = await stack.mintWebhook(id);
  const post = async (payload: unknown) => {
    const body = JSON.stringify(payload);
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    return (await stack.trigger(token, body, headers)).body.task_id as string;
  };
  runs.good = await post({ issue: { title: '=cmd|calc' }, sandbox: { reply: 'The Zebra sleeps' } });
  runs.slow = await post({ issue: { title: 'Slow' }, sandbox: { steps: [{ text: 'x', latency_ms: 400 }] } });
  runs.bad = await post({
    issue: { title: 'Bad' },
    note: 'a "quoted\\" word',
    sandbox: { steps: [{ fail: 'auth' }] },
  });
  const other = await stack.createAgent({ name: 'Other' });
  const plain = await stack.mintWebhook(other.id);
  runs.plain = (await stack.trigger(plain.token, { text: `long ${'x'.repeat(70_000)} Needle` })).body.task_id;
  const replayed = await stack.request<{ task_id: string }>('POST', `/api/tasks/${runs.good}/replay`, {});
  runs.replay = replayed.body.task_id;
  for (const id of Object.values(runs)) await stack.poll(id);
  // What lists show of an end follows it.
  await until(
    'all ends are counted',
    async () => (await found('model=sandbox:echo&status=SUCCESS')).length === 4,
  );
});
afterAll(async () => {
  await stack?.stop();
});

interface Listed {
  tasks: Record<string, unknown>[];
  next_cursor: string | null;
  searched?: { tasks: number; back_to: string };
}
const list = async (query: string) => (await stack.request<Listed>('GET', `/api/tasks?${query}`)).body;
/** The names of the runs that a filter finds. */
async function found(query: string): Promise<string[]> {
  const names = Object.fromEntries(Object.entries(runs).map(([name, id]) => [id, name]));
  return (await list(query)).tasks.map(({ task_id }) => names[task_id as string] ?? '?').sort();
}

test.each([
  ['error_code=model_auth', ['bad']],
  ['error_code=model_auth&error_code=timeout', ['bad']],
  ['trigger=replay', ['replay']],
  ['trigger=webhook&trigger=replay', ['bad', 'good', 'plain', 'replay', 'slow']],
  ['sender=github', ['bad', 'good', 'replay', 'slow']],
  ['sender=none', ['plain']],
  ['agent_version=1&status=FAILURE', ['bad']],
  ['agent_version=2', []],
  ['model=sandbox:echo&sender=none', ['plain']],
  ['model=openai:gpt', []],
  ['max_duration_ms=3600000&trigger=replay', ['replay']],
  ['min_duration_ms=3600000', []],
  ['min_cost_usd=0.01', []],
  ['conversation_id=cnv_none', []],
  ['text=zebra', ['good', 'replay']],
  ['text=ZEBRA%20%22zebra%20sleeps%22&trigger=webhook', ['good']],
  ['text=%22quoted%5C%22', ['bad']],
  ['text=needle', ['plain']],
  ['text=model_auth', ['bad']],
  ['text=nowhere', []],
])('%s finds %p', async (query, names) => {
  expect(await found(query)).toEqual(names);
  const { body } = await stack.request('GET', `/api/tasks/count?${query}`);
  expect(body).toEqual({ count: names.length, more: false });
});

test('durations are limits that belong to what they find', async () => {
  const [slow] = (await list(`q=${runs.slow}`)).tasks;
  const least = slow?.duration_ms as number;
  expect(least).toBeGreaterThanOrEqual(400);
  const longer = await list(`min_duration_ms=${least}`);
  expect(longer.tasks.map(({ task_id }) => task_id)).toContain(runs.slow);
  const shorter = await list(`max_duration_ms=${least - 1}`);
  expect(shorter.tasks.map(({ task_id }) => task_id)).not.toContain(runs.slow);
  expect(longer.tasks.length + shorter.tasks.length).toBe(5);
});

test('a search says how far it came, and pages go on where it ended', async () => {
  expect(await list('')).not.toHaveProperty('searched');
  const first = await list('sender=github&limit=2');
  expect(first.tasks).toHaveLength(2);
  const second = await list(`sender=github&limit=2&cursor=${first.next_cursor}`);
  const ids = [...first.tasks, ...second.tasks].map(({ task_id }) => task_id);
  expect(ids.sort()).toEqual([runs.good, runs.slow, runs.bad, runs.replay].sort());
  expect(second.searched).toMatchObject({ back_to: second.tasks.at(-1)?.created_at });
});

test('titles and beginnings are shown on request', async () => {
  const { tasks } = await list(`agent_id=${agentId}&include=title&include=answer&include=payload`);
  const byId = new Map(tasks.map((task) => [task.task_id, task]));
  expect(byId.get(runs.good)).toMatchObject({ title: '=cmd|calc', answer_snippet: 'The Zebra sleeps' });
  expect(byId.get(runs.bad)).toMatchObject({ title: 'Bad', sender: 'github' });
  expect(byId.get(runs.slow)?.payload_snippet).toMatch(/^\{"issue":\{"title":"Slow"\}/);
  const [long] = (await list('sender=none&include=payload')).tasks;
  expect(String(long?.payload_snippet)).toHaveLength(200);
});

test('a histogram counts the runs of each part of a time', async () => {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 60_000).toISOString();
  const { body } = await stack.request<{ bucket_ms: number; buckets: Record<string, number>[] }>(
    'GET',
    `/api/tasks/histogram?from=${from}&to=${to}&buckets=7`,
  );
  expect(body.buckets).toHaveLength(7);
  const sum = (field: string) => body.buckets.reduce((total, bucket) => total + (bucket[field] ?? 0), 0);
  expect([sum('pending'), sum('started'), sum('succeeded'), sum('failed')]).toEqual([0, 0, 4, 1]);
  const refused = await stack.request('GET', `/api/tasks/histogram?from=${to}&to=${from}`);
  expect(refused.status).toBe(400);
});

test('an export has what is filtered, and no formula', async () => {
  const read = async (query: string) => {
    const answer = await fetch(`${stack.url}/api/tasks/export?${query}`, {
      headers: { authorization: `Bearer ${stack.adminKey}` },
    });
    return { type: answer.headers.get('content-type'), text: await answer.text() };
  };
  const csv = await read('sender=github&include=title');
  expect(csv.type).toBe('text/csv; charset=utf-8');
  const lines = csv.text.split('\r\n');
  expect(lines[0]).toMatch(/^task_id,agent_id,.*,title$/);
  expect(lines).toHaveLength(6);
  expect(lines.find((line) => line.startsWith(`${runs.good},`))).toMatch(/,'=cmd\|calc$/);
  const cut = await read('limit=2');
  const [word, cursor] = cut.text.trim().split('\r\n').at(-1)?.split(',') ?? [];
  expect(word).toBe('more');
  const rest = JSON.parse((await read(`format=json&cursor=${cursor}`)).text);
  expect(rest.tasks).toHaveLength(3);
  expect(rest.next_cursor).toBeNull();
  expect(JSON.parse((await read('format=json&error_code=timeout')).text)).toEqual({
    tasks: [],
    next_cursor: null,
  });
});

test('a key that may not see payloads finds nothing in them', async () => {
  const { body } = await stack.request<{ key: string }>('POST', '/api/keys', {
    name: 'blind',
    role: 'viewer',
    see_payloads: false,
  });
  const blind = async (path: string) => {
    const answer = await fetch(`${stack.url}${path}`, { headers: { authorization: `Bearer ${body.key}` } });
    return { status: answer.status, text: await answer.text() };
  };
  for (const path of ['/api/tasks', '/api/tasks/count', '/api/tasks/export'])
    expect((await blind(`${path}?text=zebra`)).status).toBe(403);
  for (const path of ['/api/tasks', '/api/tasks/export']) {
    const { status, text } = await blind(`${path}?include=title&include=payload&include=answer`);
    expect(status).toBe(200);
    expect(text).not.toMatch(/zebra|cmd|quoted/i);
  }
});

test.each([
  'error_code=none',
  'sender=nobody',
  'trigger=x',
  'min_cost_usd=-1',
  'text=%20',
  'include=all',
  'limit=0',
])('a filter with %s is refused', async (query) => {
  const { status, body } = await stack.request('GET', `/api/tasks?${query}`);
  expect([status, body]).toEqual([400, expect.objectContaining({ code: 'invalid_request' })]);
});
