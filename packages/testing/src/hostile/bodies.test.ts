import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Arena, startArena } from './arena.js';
import { ATTACK_MS, attack, repeatedly, times } from './wire.js';

/** Bodies that are compressed, multipart, or in odd charsets, from anyone who knows a webhook URL. */

let arena: Arena;
let path: string;
beforeAll(async () => {
  arena = await startArena('bodies');
  path = await newTarget();
});
afterAll(() => arena?.stop());

const MIB = 1024 * 1024;

/** The path of a new agent's webhook. Only a few of its tasks may wait. */
async function newTarget(): Promise<string> {
  const { id } = await arena.stack.createAgent({ name: 'Target', limits: { max_pending: 3 } });
  return `/api/webhooks/agents/${(await arena.stack.mintWebhook(id)).token}`;
}

/** Sends a body on four connections, over and over, while others use the api. */
async function flood(
  name: string,
  body: Buffer | string,
  headers: Record<string, string>,
): Promise<Set<number>> {
  const seen = new Set<number>();
  await arena.beside(name, 'trigger', () =>
    Promise.all(
      times(4, () =>
        repeatedly(ATTACK_MS, async () => {
          const { status } = await attack(arena.stack, 'POST', path, { body, headers });
          seen.add(status);
        }),
      ),
    ),
  );
  return seen;
}

describe('compressed bodies', () => {
  const zeros = Buffer.alloc(200 * MIB);
  test.each<[string, string, () => Buffer]>([
    ['a bomb of 200 MiB', 'gzip', () => gzipSync(zeros)],
    ['a bomb of 200 MiB in 200 bytes', 'br', () => brotliCompressSync(zeros)],
    ['a bomb of 200 MiB in 20 KiB', 'zstd', () => zstdCompressSync(zeros)],
    [
      'a window of 128 MiB',
      'zstd',
      () => zstdCompressSync(zeros, { params: { [constants.ZSTD_c_windowLog]: 27 } }),
    ],
    ['bombs in a bomb', 'gzip, br, gzip', () => gzipSync(brotliCompressSync(gzipSync(zeros)))],
    ['1 MiB of JSON in 1 KiB', 'gzip', () => gzipSync(JSON.stringify({ a: 'x'.repeat(1_000_000) }))],
    ['noise', 'gzip', () => randomBytes(MIB - 1)],
    [
      'noise after a right beginning',
      'gzip',
      () => Buffer.concat([gzipSync('{').subarray(0, 10), randomBytes(MIB / 2)]),
    ],
  ])('%s', async (name, coding, make) => {
    const seen = await flood(name, make(), { 'content-encoding': coding });
    expect([...seen].filter((status) => ![200, 400, 413, 429].includes(status))).toEqual([]);
  });

  test('two hundred codings are refused at once', async () => {
    // A webhook that has not yet refused so much from this network that it answers all with 429.
    path = await newTarget();
    const headers = { 'content-encoding': times(200, () => 'gzip').join() };
    const body = gzipSync('{}');
    expect((await attack(arena.stack, 'POST', path, { body, headers })).status).toBe(415);
    const seen = await flood('200 codings', body, headers);
    expect([...seen].filter((status) => status !== 429)).toEqual([415]);
  });
});

describe('multipart bodies', () => {
  const multipart = (boundary: string) => ({ 'content-type': `multipart/form-data; boundary=${boundary}` });
  const part = (n: number, content = '') =>
    `--b\r\nContent-Disposition: form-data; name="f${n}"\r\n\r\n${content}\r\n`;

  test.each<[string, string, () => string]>([
    ['990 parts in 54 KB', 'b', () => `${times(990, (n) => part(n)).join('')}--b--`],
    ['15,000 parts', 'b', () => `${times(15_000, (n) => part(n)).join('')}--b--`],
    ['100,000 bare boundaries', 'b', () => '--b\r\n\r\n\r\n\r\n'.repeat(90_000)],
    ['a boundary that never ends', '-'.repeat(70), () => '-'.repeat(MIB - 1)],
    [
      'nearly the boundary, again and again',
      'a'.repeat(199),
      () => `--${'a'.repeat(199)}\r\n${`\r\n--${'a'.repeat(198)}b`.repeat(5_000)}`,
    ],
    ['headers without an end', 'b', () => `--b\r\n${'a: b\r\n'.repeat(170_000)}`],
    [
      'one long parameter',
      'b',
      () => `--b\r\nContent-Disposition: form-data; name="${'\\"'.repeat(3_900)}\r\n\r\n1\r\n--b--`,
    ],
    [
      'many parameters, many parts',
      'b',
      () =>
        `${times(120, () => `--b\r\nContent-Disposition: form-data${'; a=b'.repeat(1_500)}\r\n\r\n1\r\n`).join('')}--b--`,
    ],
    ['one field of 1 MiB', 'b', () => `${part(1, 'x'.repeat(1_040_000))}--b--`],
  ])('%s', async (name, boundary, make) => {
    const seen = await flood(name, make(), multipart(boundary));
    expect([...seen].filter((status) => ![200, 400, 413, 429].includes(status))).toEqual([]);
  });
});

describe('odd texts', () => {
  test.each<[string, string, () => Buffer]>([
    ['1 MiB of windows-1252', 'text/plain; charset=windows-1252', () => Buffer.alloc(MIB - 1, 0x80)],
    ['1 MiB of gb18030', 'text/plain; charset=gb18030', () => Buffer.alloc(MIB - 2, 0x81)],
    [
      '1 MiB of UTF-16',
      'application/json; charset=utf-16',
      () => Buffer.from(`"${'ü'.repeat(500_000)}"`, 'utf16le'),
    ],
    [
      '7,000 numbers that no double holds',
      'application/json',
      () => Buffer.from(`[${'1.0e-999,'.repeat(6_999)}1]`),
    ],
    ['1 MiB that is nearly JSON', 'application/json', () => Buffer.from(`[${'1,'.repeat(500_000)}`)],
    ['1 MiB that opens lists', 'text/plain', () => Buffer.alloc(MIB - 1, '[')],
    [
      'a form of 1 MiB of percents',
      'application/x-www-form-urlencoded',
      () => Buffer.from(`a=${'%'.repeat(1_000_000)}`),
    ],
    [
      'a form with its own charset',
      'application/x-www-form-urlencoded',
      () => Buffer.from(`charset=gb18030&${'a=%81&'.repeat(900)}`),
    ],
  ])('%s', async (name, type, make) => {
    const seen = await flood(name, make(), { 'content-type': type });
    expect([...seen].filter((status) => ![200, 400, 413, 429].includes(status))).toEqual([]);
  });

  test('a payload whose JSON field opens 500,000 lists', async () => {
    const { id } = await arena.stack.createAgent({
      name: 'Reader',
      input_template:
        '{{ payload.raw | parse_json | json }}{% assign all = payload.raw | parse_json %}{{ all | size }}',
    });
    const raw = '['.repeat(500_000);
    await arena.beside('parse_json', 'trigger', () =>
      repeatedly(ATTACK_MS, async () => {
        const answer = await arena.stack.request('POST', `/api/agents/${id}/preview`, { payload: { raw } });
        expect([200, 422, 503]).toContain(answer.status);
      }),
    );
  });
});
