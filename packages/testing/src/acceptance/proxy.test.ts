import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiProcess, apiClient, type Stack, startStack, until } from '../index.js';

const CLAIMED = {
  'x-forwarded-for': '203.0.113.9, 198.51.100.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'hooks.example.com',
};
const PUBLIC = 'https://public.example.com';

let stack: Stack;
let agentId: string;
let behindOne: ApiProcess;
let behindKnown: ApiProcess;

beforeAll(async () => {
  stack = await startStack({ workers: 0 });
  agentId = (await stack.createAgent({ name: 'Behind a proxy' })).id;
  [behindOne, behindKnown] = await Promise.all([
    stack.startApi({ TRUST_PROXY: '1' }),
    stack.startApi({ TRUST_PROXY: '127.0.0.0/8, 198.51.100.7', PUBLIC_URL: `${PUBLIC}/` }),
  ]);
}, 60_000);
afterAll(() => stack?.stop());

/**
 * Creates a webhook as a caller with these headers. Returns its URL up to the path, and the caller's address
 * in the log.
 */
async function seen(api: ApiProcess | undefined, headers: Record<string, string> = CLAIMED) {
  const lines = () => (api?.log() ?? '').split('\n').filter((line) => line.includes('/webhook"'));
  const before = lines().length;
  const { body } = await apiClient(api?.url ?? '', stack.adminKey).request<{ webhook_url: string }>(
    'POST',
    `/api/agents/${agentId}/webhook`,
    {},
    { authorization: `Bearer ${stack.adminKey}`, ...headers },
  );
  const line = await until('the request is logged', async () => lines()[before]);
  const origin = body.webhook_url.split('/api/')[0];
  const isOwn = origin === api?.url.replace('127.0.0.1', 'localhost');
  return { origin: isOwn ? 'its own' : origin, ip: JSON.parse(line).ip };
}

test('without TRUST_PROXY, no forwarded header is trusted', async () => {
  expect(await seen(stack.apis[0])).toEqual({ origin: 'its own', ip: '127.0.0.1' });
});

test('behind a trusted proxy its headers count, as far as the proxies are trusted', async () => {
  expect(await seen(behindOne)).toEqual({ origin: 'https://hooks.example.com', ip: '198.51.100.7' });
  expect(await seen(behindOne, {})).toEqual({ origin: 'its own', ip: '127.0.0.1' });
});

test('PUBLIC_URL takes precedence', async () => {
  expect(await seen(behindKnown)).toEqual({ origin: PUBLIC, ip: '203.0.113.9' });
});

test.each([
  ['x-forwarded-host', 'evil.example.com/x?'],
  ['x-forwarded-host', '"><script>'],
  ['x-forwarded-proto', 'javascript'],
])('an invalid %s does not get into a URL: %s', async (name, value) => {
  expect(await seen(behindOne, { ...CLAIMED, [name]: value })).toMatchObject({ origin: 'its own' });
});

test('an invalid TRUST_PROXY ends the process with one line', async () => {
  await expect(stack.startApi({ TRUST_PROXY: 'everyone' })).rejects.toThrow();
  expect(stack.apis.at(-1)?.log()).toMatch(/^TRUST_PROXY must be a number of proxies, or addresses/m);
});
