import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ApiClient, apiClient, type Stack, startStack } from '../index.js';

jest.setTimeout(60_000);

const SAVES = 50;

interface Saved {
  id: string;
  version: number;
  description: string;
  name: string;
}

let stack: Stack;
let clients: ApiClient[];
beforeAll(async () => {
  stack = await startStack({ apis: 2, workers: 0 });
  clients = stack.apis.map(({ url }) => apiClient(url, stack.adminKey));
});
afterAll(async () => stack?.stop());

const pathOf = ({ id }: { id: string }) => `/api/agents/${id}`;
const versionsOf = async (agent: { id: string }) =>
  (await stack.request<{ versions: unknown[] }>('GET', `${pathOf(agent)}/versions?limit=100`)).body.versions;

test('parallel changes over two apis are all saved, and each answer shows what its request wrote', async () => {
  const agent = await stack.createAgent({ name: 'shared' });
  const answers = await Promise.all(
    Array.from({ length: SAVES }, (_, n) =>
      clients[n % 2]?.request<Saved>('PATCH', pathOf(agent), { description: `change ${n}` }),
    ),
  );
  for (const [n, answer] of answers.entries()) {
    expect([answer?.status, answer?.body.description]).toEqual([200, `change ${n}`]);
    expect(answer?.headers.get('etag')).toBe(`"${answer?.body.version}"`);
    const kept = await stack.request<Saved>('GET', `${pathOf(agent)}/versions/${answer?.body.version}`);
    expect(kept.body.description).toBe(`change ${n}`);
  }
  const versions = answers.map((answer) => answer?.body.version).sort((a, b) => Number(a) - Number(b));
  expect(versions).toEqual(Array.from({ length: SAVES }, (_, n) => n + 2));
});

test('changes of different fields at the same time are all kept', async () => {
  const agent = await stack.createAgent({ name: 'fields' });
  const changes = [{ name: 'other' }, { description: 'told' }, { system_prompt: 'Be kind.' }];
  await Promise.all(changes.map((change, n) => clients[n % 2]?.request('PATCH', pathOf(agent), change)));
  expect((await stack.request('GET', pathOf(agent))).body).toMatchObject(Object.assign({}, ...changes));
});

test('a change that changes nothing makes no version', async () => {
  const callback = { url: 'https://example.com/ended' };
  const agent = await stack.createAgent({ name: 'same', description: 'as it is', callback });
  const same = { description: 'as it is', callback };
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => clients[n % 2]?.request<Saved>('PATCH', pathOf(agent), same)),
  );
  for (const answer of answers) expect([answer?.status, answer?.body.version]).toEqual([200, 1]);
  const whole = await stack.request<Saved>('PUT', pathOf(agent), { name: 'same', ...same });
  expect([whole.status, whole.body.version]).toEqual([200, 1]);
  expect(await versionsOf(agent)).toHaveLength(1);
});

test('only a request with If-Match gets 412, also if it changes nothing', async () => {
  const agent = await stack.createAgent({ name: 'guarded', description: 'b' });
  const guarded = (ifMatch: string, description: string) =>
    stack.request('PATCH', pathOf(agent), { description }, { 'if-match': ifMatch });
  const both = await Promise.all([guarded('"1"', 'x'), guarded('"1"', 'y')]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  expect(
    (await guarded('"1"', String(both.find(({ status }) => status === 200)?.body.description))).status,
  ).toBe(412);
});
