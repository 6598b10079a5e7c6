/** `node packages/testing/dist/bench/task-memory.js`: what Redis stores of one finished task, key by key. */
import { Redis } from 'ioredis';
import { startRedisServer, startStack } from '../harness/index.js';
import { startHttpServer } from '../tool-servers/http-server.js';

const SYSTEM_PROMPT = 'You answer mails of customers in a friendly way, and never promise anything. '.repeat(
  100,
);
const ANSWER = 'We have looked at your order and found that it was shipped yesterday. '.repeat(30);
/** Text that compresses like JSON of a real system. */
const row = (n: number) => ({
  id: n,
  name: `Customer ${n}`,
  mail: `c${n * 7919}@example.com`,
  open: n % 3 === 0,
});
const rows = (count: number) => Array.from({ length: count }, (_, n) => row(n));

const server = await startRedisServer();
const redis = new Redis(server.url);
const tool = await startHttpServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(rows(300)));
});
const stack = await startStack({ redisUrl: server.url, env: { EGRESS_ALLOW: '127.0.0.1' } });

async function measure(name: string, config: object, payload: object): Promise<void> {
  const { id } = await stack.createAgent({ name, model: 'sandbox:echo', sandbox_tools: true, ...config });
  const { token } = await stack.mintWebhook(id);
  const warm = await stack.trigger(token, payload);
  await stack.poll(warm.body.task_id);
  await redis.del('{agenthook:0}:tasks:events');
  const before = await sizes();
  const { body } = await stack.trigger(token, payload);
  const state = await stack.poll(body.task_id);
  if (state.status !== 'SUCCESS') throw new Error(JSON.stringify(state.result));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const after = await sizes();
  let total = 0;
  console.log(
    `\n${name}: payload ${JSON.stringify(payload).length}, result ${JSON.stringify(state.result).length}`,
  );
  for (const [key, bytes] of after) {
    const grown = bytes - (before.get(key) ?? 0);
    total += grown;
    if (grown !== 0 && bytes > 200)
      console.log(`  ${String(grown).padStart(9)}  ${key.replace(body.task_id, '<task>')}`);
  }
  const job = `{agenthook:0}:tasks:${body.task_id}`;
  for (const [field, value] of Object.entries(await redis.hgetall(job)))
    if (value.length > 60) console.log(`    field ${field}: ${Buffer.byteLength(value)}`);
  for (const [, [, entry = '']] of await redis.xrange(`{agenthook:0}:log:${body.task_id}`, '-', '+'))
    console.log(`    entry ${entry.slice(0, 24)}: ${Buffer.byteLength(entry)}`);
  console.log(`  ${String(total).padStart(9)}  in all`);
}

async function sizes(): Promise<Map<string, number>> {
  const names = await redis.keys('*');
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, Number(await redis.memory('USAGE', name, 'SAMPLES', 0))] as const),
    ),
  );
}

try {
  const text = JSON.stringify(rows(10));
  await measure('small', { system_prompt: 'Answer.' }, { text, sandbox: { reply: ANSWER } });
  await measure('long prompt', { system_prompt: SYSTEM_PROMPT }, { text, sandbox: { reply: ANSWER } });
  const look = { type: 'http', name: 'look_up', url: `${tool.url}/rows`, parameters: { type: 'object' } };
  const steps = Array.from({ length: 3 }, () => ({ tool: { name: 'look_up', arguments: {} } }));
  await measure(
    'three tools',
    { system_prompt: SYSTEM_PROMPT, tools: [look] },
    { text, sandbox: { steps, reply: ANSWER } },
  );
  await measure('payload of 0.9 MB', {}, { text: JSON.stringify(rows(11_000)), sandbox: { reply: ANSWER } });
  await measure('answer of 0.9 MB', {}, { sandbox: { reply: ANSWER.repeat(430) } });
} finally {
  await stack.stop();
  await tool.close();
  redis.disconnect();
  await server.stop();
}
