import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  type LossyLink,
  type RedisServer,
  type Stack,
  startLossyLink,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

const servers: RedisServer[] = [];
const clients: Redis[] = [];
let stack: Stack | undefined;
let link: LossyLink | undefined;

afterEach(async () => {
  await stack?.stop();
  await link?.close();
  for (const client of clients) client.disconnect();
  await Promise.all(servers.map((server) => server.stop()));
});

async function startRedis() {
  const server = await startRedisServer({ aof: true });
  const client = new Redis(server.url);
  servers.push(server);
  clients.push(client);
  return { ...server, client };
}

test('after a failover, the new primary accepts and runs tasks even if the old one keeps its connections', async () => {
  const [old, successor] = [await startRedis(), await startRedis()];
  const name = await startLossyLink(old.port);
  link = name;
  const running = await startStack({ redisUrl: `redis://127.0.0.1:${name.port}` });
  stack = running;
  const { token } = await running.mintWebhook((await running.createAgent({ name: 'Kept' })).id);
  const post = (n: number) => running.trigger(token, { n });
  const before = (await post(1)).body.task_id;
  await running.poll(before);

  await successor.client.replicaof('127.0.0.1', old.port);
  const inStep = async () => /master_link_status:up/.test(await successor.client.info('replication'));
  await until('the replica is in sync', inStep);
  const during = (await post(2)).body.task_id;
  await running.poll(during);
  // WAIT covers the writes of its own connection, and so everything before them.
  await old.client.set('written', 'last');
  expect(await old.client.wait(1, 30_000)).toBe(1);
  await successor.client.replicaof('NO', 'ONE');
  name.pointTo(successor.port);
  await old.client.replicaof('127.0.0.1', successor.port);

  const after = await until('a task is accepted', async () => {
    const { status, body } = await post(3);
    expect([200, 503]).toContain(status);
    return status === 200 && body.task_id;
  });
  expect(await running.poll(after, { timeoutMs: 30_000 })).toMatchObject({ status: 'SUCCESS' });
  for (const id of [before, during]) expect((await running.status(id)).body.status).toBe('SUCCESS');
  expect(await successor.client.exists(`{agenthook:0}:tasks:${after}`)).toBe(1);
}, 120_000);
