import { freshRedis } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { defineScript, literal, type ScriptArgument } from './script.js';

let redis: Redis;

beforeAll(async () => {
  const { url, close } = await freshRedis();
  await close();
  redis = new Redis(url);
});
afterAll(() => redis?.disconnect());

const echo = defineScript<
  { first: string; others: readonly string[] },
  { id: ScriptArgument; isNew: boolean; tasks: readonly { a: ScriptArgument; b: ScriptArgument }[] },
  [string[], string[]]
>({
  keys: ['first', { list: 'others' }],
  args: ['id', 'isNew', { list: 'tasks', fields: ['a', 'b'] }],
  lua: 'return { KEYS, ARGV }',
});

test('keys and arguments come in the order of the header, whatever the order they are named in', async () => {
  const tasks = [
    { b: 2, a: 1 },
    { a: 3, b: Buffer.from('ä') },
  ];
  const answer = await echo(redis, { others: ['k2', 'k3'], first: 'k1' }, { tasks, isNew: true, id: 'x' });
  expect(answer).toEqual([
    ['k1', 'k2', 'k3'],
    ['x', '1', '1', '2', '3', 'ä'],
  ]);
});

test('a missing name is refused by the compiler, and when it is called', async () => {
  // @ts-expect-error others is missing
  await expect(echo(redis, { first: 'k' }, { id: '', isNew: false, tasks: [] })).rejects.toThrow('others');
  // @ts-expect-error isNew is missing
  await expect(echo(redis, { first: 'k', others: [] }, { id: '', tasks: [] })).rejects.toThrow('isNew');
  // @ts-expect-error the arguments are missing
  await expect(echo(redis, { first: 'k', others: [] })).rejects.toThrow('id');
  // @ts-expect-error nothing is called idd
  await expect(echo(redis, { first: 'k', others: [] }, { idd: '', isNew: false, tasks: [] })).rejects.toThrow(
    'without id',
  );
});

test('a constant becomes Lua, and one that would need escaping is refused', () => {
  expect(literal('index:')).toBe("'index:'");
  expect(literal(2 ** 32)).toBe('4294967296');
  expect(() => literal("it's")).toThrow('is no constant');
  expect(() => literal('a\n')).toThrow('is no constant');
});
