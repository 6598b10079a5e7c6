import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  apiClient,
  childrenOf,
  type HttpServer,
  type ModelServer,
  redisText,
  type Stack,
  startHttpServer,
  startOpenAiServer,
  startStack,
  until,
} from '../index.js';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;

interface Delivery {
  id: string;
  task_id: string;
  status: string;
  reason: string | null;
  attempts: { response_status: number | null; error: string | null }[];
}

let stack: Stack;
let model: ModelServer;
let receiver: HttpServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  receiver = await startHttpServer((call, response) => {
    const earlier = told().filter((id) => id === call.headers['webhook-id']).length - 1;
    return response.writeHead(call.path.includes('fail=once') && earlier === 0 ? 503 : 204).end();
  });
  const env = {
    OPENAI_BASE_URL: model.url,
    EGRESS_ALLOW: `127.0.0.1:${receiver.port}`,
    LOG_LEVEL: 'trace',
    TASK_LOCK_SECONDS: '3',
  };
  stack = await startStack({ apis: 2, env });
});

afterAll(async () => {
  await stack?.stop();
  await receiver?.close();
  await model?.close();
});

async function agentWith(body: Record<string, unknown>) {
  const { id } = await stack.createAgent({ name: 'Told', ...body });
  return { id, ...(await stack.mintWebhook(id)) };
}
const url = () => `${receiver.url}/hook?key=query-secret`;
const told = () => receiver.calls.map((call) => call.headers['webhook-id']);
const deliveries = async (agentId: string, query = 'limit=100') =>
  (await stack.request<{ callbacks: Delivery[] }>('GET', `/api/agents/${agentId}/callbacks?${query}`)).body
    .callbacks;

test('whatever dies while tasks end, each end is delivered, under one id', async () => {
  const quick = await agentWith({ callback: { url: url(), secret: SECRET } });
  const deadly = await agentWith({
    callback: { url: url(), secret: SECRET },
    model: 'compatible:test-model',
  });
  const accepted: string[] = [];
  const fire = async (client: { trigger: Stack['trigger'] }, token: string, latency_ms: number) => {
    const payload = { sandbox: { steps: [{ latency_ms, ...(latency_ms % 7 === 0 && { fail: 'auth' }) }] } };
    const { status, body } = await client.trigger(token, payload);
    if (status === 200) accepted.push(body.task_id);
    return body.task_id;
  };
  /** Tasks that end one after the other, over about half a second. */
  const volley = (client: { trigger: Stack['trigger'] }) =>
    Promise.allSettled(Array.from({ length: 30 }, (_, n) => fire(client, quick.token, n * 17)));
  /** Requests that a dying api did not answer; their tasks may be stored. */
  let unanswered = 0;

  const lost = await fire(stack, deadly.token, 0);
  const [, second] = stack.apis;
  const other = apiClient(second?.url ?? '', stack.adminKey);
  for (let death = 1; death <= 4; death++) {
    model.respond({ hang: true });
    await until(`run ${death}`, () => model.requests.length === death, { timeoutMs: 40_000 });
    const before = accepted.length;
    await volley(stack);
    const cancelled = await fire(stack, quick.token, 60_000);
    if (death === 2) {
      // The second api dies while it accepts tasks.
      const cut = volley(other);
      await until('it has accepted some', () => accepted.length > before + 35);
      second?.signal('SIGKILL');
      unanswered = (await cut).filter(({ status }) => status === 'rejected').length;
    }
    const cancelling = stack.request('POST', `/api/tasks/${cancelled}/cancel`);
    const ended = () =>
      receiver.calls.filter(({ body }) => accepted.slice(before).some((id) => body.includes(id)));
    await until('some have ended', () => ended().length > 5);
    await stack.workers[death - 1]?.stop('SIGKILL');
    await Promise.all([stack.startWorker(), cancelling]);
  }
  // By now the task runs in its own process. The second death there ends it.
  for (const run of [5, 6]) {
    model.respond({ hang: true });
    await until(`run ${run}`, () => model.requests.length === run, { timeoutMs: 40_000 });
    const alone = stack.workers.flatMap(({ pid }) => childrenOf(pid, `alone.js ${lost}`));
    expect(alone).toHaveLength(1);
    for (const pid of alone) process.kill(pid, 'SIGKILL');
  }
  const state = await stack.poll(lost, { timeoutMs: 60_000 });
  expect(state).toMatchObject({ result: { error: { code: 'worker_lost' } } });

  const expected = accepted.map((id) => `cb-${id}`);
  await until('all are delivered', () => expected.every((id) => told().includes(id)), { timeoutMs: 60_000 });
  const all = new Set(told());
  expect(all.size).toBeGreaterThanOrEqual(expected.length);
  expect(all.size).toBeLessThanOrEqual(expected.length + unanswered);
  console.log(
    `${all.size} tasks were told in ${told().length} requests, through 4 dead workers and a dead api`,
  );

  const bodies = new Map<string, string>();
  for (const call of receiver.calls) {
    const { data } = new Webhook(SECRET).verify(call.body, call.headers) as { data: { task_id: string } };
    expect(call.headers['webhook-id']).toBe(`cb-${data.task_id}`);
    expect(call.body).toBe(bodies.get(data.task_id) ?? call.body);
    bodies.set(data.task_id, call.body);
  }
  expect(bodies.get(lost)).toContain('worker_lost');
  expect([...bodies.values()].filter((body) => body.includes('"code":"cancelled"')).length).toBeGreaterThan(
    0,
  );

  const log = await until('the log says so', async () => {
    const all = await deliveries(deadly.id);
    return all.every(({ status }) => status === 'delivered') && all;
  });
  expect(log.map(({ id }) => id)).toEqual([`cb-${lost}`]);
}, 300_000);

test('an agent without a callback has no deliveries', async () => {
  const { id, token } = await agentWith({});
  const before = receiver.calls.length;
  const silent = (await stack.trigger(token, {})).body.task_id;
  await stack.poll(silent);
  // Ends are delivered in order. Once a later one is delivered, this one would have been.
  const loud = await agentWith({ callback: { url: url() } });
  const later = (await stack.trigger(loud.token, {})).body.task_id;
  await until('the later one is delivered', () => told().includes(`cb-${later}`));
  expect(receiver.calls).toHaveLength(before + 1);
  expect(await deliveries(id)).toEqual([]);
  expect(await redisText(stack.redisUrl)).not.toContain(`cb-${silent}`);
});

test('a URL that the operator did not allow is refused, and the log names the setting', async () => {
  const { id, token } = await agentWith({ callback: { url: 'http://127.0.0.1:9/hook?key=query-secret' } });
  const { task_id } = (await stack.trigger(token, {})).body;
  const [refused] = await until('it is refused', async () => {
    const found = await deliveries(id, `task_id=${task_id}`);
    return found[0]?.status === 'failed' && found;
  });
  expect(refused).toMatchObject({
    reason: 'refused',
    attempts: [{ response_status: null, error: expect.stringContaining('EGRESS_ALLOW') }],
  });
});

test('a failed delivery is retried by itself, and resent on request', async () => {
  const { id, token } = await agentWith({ callback: { url: `${url()}&fail=once` } });
  const { task_id } = (await stack.trigger(token, {})).body;
  const delivery = async () => (await deliveries(id, `task_id=${task_id}`))[0];
  const isDelivered = async () => (await delivery())?.status === 'delivered';
  await until('the second attempt', isDelivered, { timeoutMs: 15_000 });
  expect((await delivery())?.attempts.map(({ response_status }) => response_status)).toEqual([503, 204]);
  const { status } = await stack.request('POST', `/api/agents/${id}/callbacks/cb-${task_id}/resend`);
  expect(status).toBe(202);
  await until('the resend', () => told().filter((other) => other === `cb-${task_id}`).length === 3);
});

test('neither secrets nor the contents of a URL appear in a log line; secrets are not in Redis either', async () => {
  expect(stack.logs()).toContain('callback delivered');
  expect(stack.logs()).not.toContain('query-secret');
  const secret = SECRET.slice('whsec_'.length);
  for (const place of [stack.logs(), await redisText(stack.redisUrl)]) {
    expect(place).not.toContain('whsec_');
    expect(place).not.toContain(secret);
  }
});
