import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Stack, startStack, until } from '../index.js';

jest.setTimeout(120_000);

const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));
const NEW_KEY = 'the new secret key of this test';

let stack: Stack;
let redis: Redis;
let server: Server;
let seen: (string | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.headers['x-key'] as string | undefined);
    response.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack = await startStack({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  redis = new Redis(stack.redisUrl);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  server?.close();
});

/** Runs a command as a program. With `afterMs`, kills it then. */
function run(args: string[], env: Record<string, string>, afterMs?: number) {
  const options = {
    env: { PATH: process.env.PATH, AGENTHOOK_HOME: '/nonexistent', REDIS_URL: stack.redisUrl, ...env },
    ...(afterMs !== undefined && { timeout: afterMs, killSignal: 'SIGKILL' as const }),
  };
  return new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, text: stdout + stderr }),
    );
  });
}

const toolsOf = (url: string) => [
  {
    type: 'http',
    name: 'ask',
    description: 'asks',
    method: 'GET',
    url,
    headers: { 'x-key': '{{ secrets.key }}' },
    secrets: { key: 'the-secret-of-the-tool' },
  },
];

const CALLS_TOOL = { sandbox: { steps: [{ tool: { name: 'ask', arguments: {} } }], reply: 'done' } };

/** Runs an agent that calls its tool, and returns the secret that the server got. */
async function callTool(token: string): Promise<string | undefined> {
  seen = [];
  const { task_id } = (await stack.trigger(token, CALLS_TOOL)).body;
  await stack.poll(task_id, { timeoutMs: 30_000 });
  return seen[0];
}

async function restart(env: Record<string, string>): Promise<void> {
  const old = [...stack.apis, ...stack.workers];
  await stack.startApi(env);
  await stack.startWorker(env);
  await Promise.all(old.map((process) => process.stop()));
}

test('a key is rotated while processes run, and again after a kill', async () => {
  const { port } = server.address() as AddressInfo;
  const agents = [];
  for (let n = 0; n < 20; n++)
    agents.push(
      await stack.createAgent({
        name: `agent ${n}`,
        sandbox_tools: true,
        tools: toolsOf(`http://127.0.0.1:${port}/`),
        signature: n === 1 ? { scheme: 'github', secret: 'the secret of the sender' } : null,
        callback: { url: `http://127.0.0.1:${port}/callback` },
      }),
    );
  const [first] = agents;
  const { token } = await stack.mintWebhook(first?.id ?? '');
  expect(await callTool(token)).toBe('the-secret-of-the-tool');
  const keysOf = { SECRET_KEY: NEW_KEY, SECRET_KEY_PREVIOUS: stack.secretKey };

  const early = await run(['rotate-secret-key'], keysOf);
  expect([early.code, early.text]).toEqual([1, expect.stringMatching(/do not know the new key \(/)]);
  const lonely = await run(['rotate-secret-key'], { SECRET_KEY: NEW_KEY });
  expect(lonely.text).toMatch(/SECRET_KEY_PREVIOUS to the old one/);

  // A task that has lost its worker twice runs in a process of its own, which needs both keys too.
  for (const worker of stack.workers) await worker.stop();
  const suspect = (await stack.trigger(token, CALLS_TOOL)).body.task_id;
  const [job = ''] = await redis.keys(`*:tasks:${suspect}`);
  await redis.hset(job, 'stc', 2);
  seen = [];
  await restart(keysOf);
  await until('the suspect has called its tool', async () => seen.length > 0);
  expect(seen).toEqual(['the-secret-of-the-tool']);
  const api = { url: stack.apis.at(-1)?.url ?? '' };
  Object.assign(stack, api);
  await run(['rotate-secret-key'], keysOf, 1_500);
  const rotated = await run(['rotate-secret-key'], keysOf);
  expect([rotated.code, rotated.text]).toEqual([0, expect.stringMatching(/agents: 20 of 20[\s\S]*Remove/)]);

  const alone = { SECRET_KEY: NEW_KEY };
  const doctor = await run(['doctor', '--offline', '--json'], alone);
  const secrets = (
    JSON.parse(doctor.text) as { findings: { check: string; message: string }[] }
  ).findings.find(({ check }) => check === 'secrets');
  expect(secrets?.message).toMatch(/^All 41 secret\(s\) of 20 agent\(s\) can be opened/);
  for (const process of [...stack.apis, ...stack.workers]) await process.stop();
  const api2 = await stack.startApi(alone);
  await stack.startWorker(alone);
  const { body } = await (async () => {
    const answer = await fetch(`${api2.url}/api/webhooks/agents/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(CALLS_TOOL),
    });
    return { body: (await answer.json()) as { task_id: string } };
  })();
  seen = [];
  await until('the tool is called with its secret', async () => seen.includes('the-secret-of-the-tool'));
  expect(body.task_id).toMatch(/-/);
});

test('after a lost key, what it had sealed is named and removed, and the rest works', async () => {
  for (const process of [...stack.apis, ...stack.workers]) await process.stop();
  const env = { SECRET_KEY: 'a third key, as the second is lost' };
  await until(
    'no process counts as alive',
    async () => (await redis.smembers('{agenthook}:processes')).length === 0,
  );
  const asked = await run(['reset-secrets'], env);
  expect(asked.code).toBe(1);
  expect(asked.text).toMatch(/agt_\w+: .*tool "ask", secret key/);
  expect(asked.text).toMatch(/signature, secret/);
  expect(asked.text).toMatch(/Nothing was changed; --yes/);
  const done = await run(['reset-secrets', '--yes'], env);
  expect([done.code, done.text]).toEqual([0, expect.stringMatching(/Removed secrets of 20 agent\(s\)/)]);
  const api = await stack.startApi(env);
  await stack.startWorker(env);
  const get = async (path: string) => {
    const answer = await fetch(`${api.url}${path}`, {
      headers: { authorization: `Bearer ${stack.adminKey}` },
    });
    return {
      status: answer.status,
      body: (await answer.json()) as { agents: { id: string; name: string }[] },
    };
  };
  const { body } = await get('/api/agents?limit=50');
  expect(body.agents).toHaveLength(20);
  const signed = body.agents.find(({ name }) => name === 'agent 1');
  const minted = await fetch(`${api.url}/api/agents/${signed?.id}/webhook`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.adminKey}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { token } = (await minted.json()) as { token: string };
  const post = (path: string) =>
    fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=00' },
      body: '{}',
    });
  // A sender whose secret is lost is refused, never believed.
  expect((await post(`/api/webhooks/agents/${token}`)).status).toBe(401);
  const again = await run(['reset-secrets'], env);
  expect([again.code, again.text]).toEqual([0, expect.stringMatching(/secrets of 0 agent/)]);
});
