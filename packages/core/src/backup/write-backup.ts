import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import {
  BACKUP_FORMAT,
  type BackupLine,
  digest,
  encode,
  type KeyRecord,
  type StreamEntry,
  type TaskRecord,
} from './format.js';
import { keysOfTask, onceKey, placeOf, ROOT_TAG, SHARD_TAG } from './places.js';

/** How many keys one SCAN looks at, and how many elements of a key are one record. */
const AT_ONCE = 500;

/**
 * Writes a backup of agents, versions, documents, keys, schedules, conversations and tasks into a new file,
 * while processes run. Each task and each small key is as it was at one moment. Holds one task in memory.
 *
 * @param onProgress called now and then with how many keys and tasks have been written
 * @throws what Redis and the file system throw; then there is no file
 */
export async function writeBackup(
  redis: RedisClient,
  path: string,
  onProgress: (keys: number, tasks: number) => void = () => undefined,
): Promise<{ keys: number; tasks: number }> {
  const partial = `${path}.partial`;
  const gzip = createGzip();
  const file = gzip.pipe(createWriteStream(partial, { mode: 0o600, flags: 'wx' }));
  const done = finished(file);
  done.catch(() => gzip.destroy());
  const sum = digest();
  const counted = { keys: 0, tasks: 0 };
  const write = async (line: BackupLine) => {
    const text = `${JSON.stringify(line)}\n`;
    if (!('end' in line)) sum.update(text);
    if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), done]);
  };
  try {
    await write({
      agenthook_backup: BACKUP_FORMAT,
      created_at: new Date(await nowOf(redis)).toISOString(),
      data_version: Number((await redis.get(keys.dataVersion)) ?? 0),
      secret_check: await redis.get(keys.secretCheck),
    });
    for await (const key of keysOf(redis)) {
      const place = placeOf(key);
      if (place === 'leave out') continue;
      if (place === 'copy') {
        for await (const record of recordsOf(redis, key)) {
          await write(record);
          counted.keys++;
        }
      } else {
        const record = await taskRecord(redis, place.task);
        if (record) {
          await write(record);
          counted.tasks++;
        }
      }
      onProgress(counted.keys, counted.tasks);
    }
    await write({ end: { ...counted, sha256: sum.digest('hex') } });
    gzip.end();
    await done;
    await rename(partial, path);
    return counted;
  } catch (error) {
    gzip.destroy();
    file.destroy();
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(partial, { force: true });
    throw error;
  }
}

async function nowOf(redis: RedisClient): Promise<number> {
  const [seconds = 0, micros = 0] = await redis.time();
  return Math.floor(Number(seconds) * 1000 + Number(micros) / 1000);
}

/** All keys of the installation, each once. SCAN may name a key twice. */
async function* keysOf(redis: RedisClient): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const tag of [ROOT_TAG, SHARD_TAG]) {
    let cursor = '0';
    do {
      const [next, found] = await redis.scan(cursor, 'MATCH', `${tag}:*`, 'COUNT', AT_ONCE);
      cursor = next;
      for (const key of found) {
        if (placeOf(key) === 'leave out' || seen.has(key)) continue;
        seen.add(key);
        yield key;
      }
    } while (cursor !== '0');
  }
}

/** The records of one key; none if it is gone. */
async function* recordsOf(redis: RedisClient, key: string): AsyncGenerator<KeyRecord> {
  const [type, ttl, now] = await Promise.all([redis.type(key), redis.pttl(key), nowOf(redis)]);
  const about = { key, ...(ttl > 0 && { expires: now + ttl }) };
  switch (type) {
    case 'string': {
      const value = await redis.getBuffer(key);
      if (value !== null) yield { ...about, type, values: [encode(value)] };
      return;
    }
    case 'list':
      for (let from = 0; ; from += AT_ONCE) {
        const values = await redis.lrangeBuffer(key, from, from + AT_ONCE - 1);
        if (values.length > 0) yield { ...about, type, values: values.map(encode) };
        if (values.length < AT_ONCE) return;
      }
    case 'hash':
    case 'set':
    case 'zset': {
      const scan = { hash: 'HSCAN', set: 'SSCAN', zset: 'ZSCAN' }[type];
      // A small key is read at one moment.
      if (type === 'hash' && (await redis.hlen(key)) <= AT_ONCE) {
        const values = (await redis.callBuffer('HGETALL', key)) as unknown as Buffer[];
        if (values.length > 0) yield { ...about, type, values: values.map(encode) };
        return;
      }
      let cursor = '0';
      do {
        const answer = await redis.callBuffer(scan, key, cursor, 'COUNT', AT_ONCE);
        const [next, values] = answer as [Buffer, Buffer[]];
        cursor = next.toString();
        if (values.length > 0) yield { ...about, type, values: values.map(encode) };
      } while (cursor !== '0');
      return;
    }
    case 'stream':
      for (let from = '-'; ; ) {
        const rows = await redis.xrangeBuffer(key, from, '+', 'COUNT', AT_ONCE);
        if (rows.length > 0) yield { ...about, type, values: [], entries: entriesOf(rows) };
        if (rows.length < AT_ONCE) return;
        from = `(${rows.at(-1)?.[0]}`;
      }
    case 'none':
      return;
    default:
      throw new Error(`a backup cannot hold ${key}, which is a ${type}`);
  }
}

const entriesOf = (rows: [Buffer, Buffer[]][]): StreamEntry[] =>
  rows.map(([id, fields]) => [id.toString(), fields.map(encode)]);

async function taskRecord(redis: RedisClient, id: string): Promise<TaskRecord | undefined> {
  const at = keysOfTask(id);
  const answers = await redis
    .multi()
    .hgetall(at.job)
    .lrangeBuffer(at.files, 0, -1)
    .lrangeBuffer(at.events, 0, -1)
    .xrangeBuffer(at.log, '-', '+')
    .exec();
  const [job, files, events, log] = (answers ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  }) as [Record<string, string>, Buffer[], Buffer[], [Buffer, Buffer[]][]];
  // It may have been erased, or a script has made a key of the same form.
  if (job.opts === undefined) return undefined;
  const once = await onceOf(redis, job.deid);
  return {
    task: id,
    job: Object.entries(job).flat(),
    ...(files.length > 0 && { files: files.map(encode) }),
    ...(events.length > 0 && { events: events.map(encode) }),
    ...(log.length > 0 && { log: entriesOf(log) }),
    ...(once && { once: [once] }),
  };
}

async function onceOf(
  redis: RedisClient,
  name: string | undefined,
): Promise<[name: string, expires: number] | undefined> {
  if (name === undefined) return undefined;
  const [ttl, now] = await Promise.all([redis.pttl(onceKey(name)), nowOf(redis)]);
  return ttl > 0 ? [name, now + ttl] : undefined;
}
