import { AGENT } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { DATA_VERSION } from '../data-version.js';
import { STATS_TTL_SECONDS } from '../queue/hour.js';
import { ABOUT, OPTIONS_FIELD, type StoredOptions } from '../queue/job.js';
import { SPEND } from '../queue/spend-hash.js';
import type { RedisClient } from '../redis/connect.js';
import { ALL_AGENTS, keys, textHash } from '../redis/keys.js';
import { SECRET_CHECK } from '../secrets/check-secret-key.js';
import { opens } from '../secrets/rotate-secret-key.js';
import { createSecretBox } from '../secrets/secret-box.js';
import { readProcesses } from '../stats/heartbeat.js';
import {
  BackupError,
  type BackupHeader,
  decode,
  type KeyRecord,
  readBackup,
  type TaskRecord,
} from './format.js';
import {
  agentOf,
  isIndex,
  isSpend,
  keysOfTask,
  onceKey,
  ROOT_TAG,
  restoringKey,
  stagedKey,
} from './places.js';

const SHARD = 0;
/** How many commands are sent together. */
const AT_ONCE = 200;

export interface RestoreSettings {
  secretKey: string;
  previousSecretKey?: string | undefined;
  /** Adds what is missing to a Redis that has data, and keeps what it has. */
  merge: boolean;
}

export interface Restored {
  keys: number;
  tasks: number;
  /** Tasks that have not ended in the backup, and are still to be decided about (end-restored.ts). */
  open: number;
  header: BackupHeader;
}

/**
 * Reads a backup twice: first to see that it is whole, then into Redis. Nothing that it restores can run yet.
 * What is there already stays as it is, so an interrupted restore is run again, with `merge`.
 *
 * Throws BackupError for a file that cannot be restored, or a Redis that it must not be restored into.
 */
export async function restoreBackup(
  redis: RedisClient,
  path: string,
  settings: RestoreSettings,
  onProgress: (done: number) => void = () => undefined,
): Promise<Restored> {
  const header = await checkBackup(path, settings);
  await checkTarget(redis, settings);
  const counted = { keys: 0, tasks: 0, open: 0 };
  await lowerVersion(redis, header);
  const writer = createWriter(redis);
  for await (const line of readBackup(path)) {
    if ('agenthook_backup' in line) continue;
    if ('task' in line) {
      const outcome = await restoreTask(redis, line);
      if (outcome !== 'known') counted.tasks++;
      if (outcome === 'open') counted.open++;
    } else if (await writer.write(line)) counted.keys++;
    onProgress(counted.keys + counted.tasks);
  }
  await writer.end();
  return { ...counted, header };
}

/** Reads the whole file, and returns its header. */
async function checkBackup(path: string, settings: RestoreSettings): Promise<BackupHeader> {
  let header: BackupHeader | undefined;
  for await (const line of readBackup(path)) if ('agenthook_backup' in line) header = line;
  if (!header) throw new BackupError(`${path} is empty.`);
  if (header.data_version > DATA_VERSION)
    throw new BackupError(
      `${path} has data of version ${header.data_version}, and this AgentHook reads versions up to ${DATA_VERSION}: ` +
        'upgrade AgentHook first.',
    );
  const box = createSecretBox(settings.secretKey, settings.previousSecretKey);
  if (header.secret_check !== null && !opens(box, header.secret_check, SECRET_CHECK))
    throw new BackupError(
      'SECRET_KEY cannot open the secrets in this backup: set the key of the installation that it was made of. You ' +
        'can rotate it afterwards.',
    );
  return header;
}

async function checkTarget(redis: RedisClient, settings: RestoreSettings): Promise<void> {
  const live = await readProcesses(redis);
  if (live.length > 0)
    throw new BackupError(
      `${live.length} process(es) of AgentHook use this Redis: end them, or they run what is half restored.`,
    );
  const version = Number(await redis.get(keys.dataVersion));
  if (version > DATA_VERSION)
    throw new BackupError(
      `This Redis has data of version ${version}, and this AgentHook reads versions up to ${DATA_VERSION}: upgrade ` +
        'AgentHook first.',
    );
  const proof = await redis.get(keys.secretCheck);
  const box = createSecretBox(settings.secretKey, settings.previousSecretKey);
  if (proof !== null && !opens(box, proof, SECRET_CHECK))
    throw new BackupError('This Redis is used with another SECRET_KEY.');
  const held = await Promise.all([
    redis.zcard(keys.agents),
    redis.zcard(keys.indexedIds(SHARD)),
    redis.hlen(keys.apiKeys),
  ]);
  if (!settings.merge && held.some((count) => count > 0))
    throw new BackupError(
      `This Redis has data already (${held[0]} agents, ${held[1]} tasks). Restore into an empty one, or add what is ` +
        'missing with --merge; what it has stays as it is.',
    );
}

/** Makes the next process migrate what is restored, if it is older than the stored data. */
async function lowerVersion(redis: RedisClient, { data_version }: BackupHeader): Promise<void> {
  const stored = await redis.get(keys.dataVersion);
  if (stored === null || Number(stored) > data_version) await redis.set(keys.dataVersion, data_version);
}

/**
 * Writes the records of keys, several at a time. A key gets its name once it is whole, so what an interrupted
 * restore has left is either whole or missing.
 */
function createWriter(redis: RedisClient) {
  let batch = redis.pipeline();
  let current: { key: string; isSkipped: boolean; written?: KeyRecord } = { key: '', isSkipped: true };
  const flush = async () => {
    if (batch.length === 0) return;
    const full = batch;
    batch = redis.pipeline();
    for (const [error] of (await full.exec()) ?? []) if (error) throw error;
  };
  /** Ends the key whose records were written last. */
  const end = async () => {
    const { key, written } = current;
    if (written && !isIndex(key)) batch.rename(stagedKey(key), key);
    if (written?.expires !== undefined) batch.pexpire(key, Math.max(1, written.expires - Date.now()));
    await flush();
  };
  const begin = async (key: string) => {
    await end();
    const isSkipped = !isIndex(key) && (await redis.exists(key)) === 1;
    current = { key, isSkipped };
    if (!isSkipped) batch.del(stagedKey(key));
  };
  /** Whether the record was written: not if its key is there, or has expired. */
  const write = async (record: KeyRecord): Promise<boolean> => {
    const { key, expires } = record;
    if (key !== current.key) await begin(key);
    if (current.isSkipped || (expires !== undefined && expires <= Date.now())) return false;
    current.written = record;
    add(batch, isIndex(key) ? key : stagedKey(key), record);
    if (batch.length >= AT_ONCE) await flush();
    return true;
  };
  return { write, end };
}

/** Adds a record to the key `to`, without what would wait for processes of the old installation. */
function add(
  batch: ReturnType<RedisClient['pipeline']>,
  to: string,
  { key, type, values: stored, entries = [] }: KeyRecord,
): void {
  const values = stored.map(decode);
  if (type === 'string') batch.set(to, values[0] ?? '');
  else if (type === 'hash') batch.hset(to, ...values);
  else if (type === 'list') batch.rpush(to, ...values);
  else if (type === 'set') batch.sadd(to, ...values);
  else if (type === 'zset') batch.call('ZADD', to, 'NX', ...scored(values));
  else for (const [id, fields] of entries) batch.call('XADD', to, id, ...fields.map(decode));
  if (isDelivery(key)) endDelivery(values, (...fields) => batch.hset(to, ...fields));
  // No task frees what was reserved for a turn when the backup was made.
  if (isSpend(key)) batch.hdel(to, SPEND.heldTokens, SPEND.heldNano);
  const agentId = agentOf(key);
  if (agentId !== undefined && hasBudget(values)) batch.zadd(keys.budgetedAgents, 0, agentId);
}

/** Whether the fields of an agent's hash have a budget, as scripts find it. */
function hasBudget(fields: Buffer[]): boolean {
  const at = fields.findIndex((field, n) => n % 2 === 0 && field.toString() === AGENT.gate);
  return at >= 0 && fields[at + 1]?.includes('"budget":') === true;
}

const scored = (values: Buffer[]): Buffer[] =>
  values.flatMap((member, n) => (n % 2 === 0 ? [values[n + 1] as Buffer, member] : []));

const isDelivery = (key: string): boolean => !key.startsWith(`${ROOT_TAG}:`) && key.includes(':delivery:');

/** A delivery that was pending may have arrived since. It is not sent again, unless somebody resends it. */
function endDelivery(values: Buffer[], set: (...fields: string[]) => void): void {
  const at = values.findIndex((value, n) => n % 2 === 0 && value.toString() === 'status');
  if (values[at + 1]?.toString() === 'pending') set('status', 'failed');
}

/** Stores a task, unless there is one with its id. One that has not ended is noted, and does not run. */
async function restoreTask(
  redis: RedisClient,
  { task: id, job, files, events, log, once }: TaskRecord,
): Promise<'known' | 'ended' | 'open'> {
  const at = keysOfTask(id);
  if ((await redis.exists(at.job)) === 1) return 'known';
  const fields = new Map<string, string>();
  for (let n = 0; n < job.length; n += 2)
    fields.set(decode(job[n] ?? '').toString(), decode(job[n + 1] ?? '').toString());
  const options = fields.get(OPTIONS_FIELD);
  const about = options === undefined ? undefined : (JSON.parse(options) as StoredOptions)[ABOUT];
  const [finished, created = '0'] = [fields.get('finishedOn'), fields.get('timestamp')];
  const batch = redis.multi().hset(at.job, ...job.map(decode));
  if (files) batch.rpush(at.files, ...files.map(decode));
  if (events) batch.rpush(at.events, ...events.map(decode));
  for (const [entry, values] of log ?? []) batch.call('XADD', at.log, entry, ...values.map(decode));
  for (const [name, expires] of once ?? [])
    if (expires > Date.now()) batch.set(onceKey(name), id, 'PX', expires - Date.now(), 'NX');
  if (about?.key !== undefined) {
    const index = keys.indexedKey(SHARD, textHash(about.key));
    batch.sadd(index, id).expire(index, STATS_TTL_SECONDS);
  }
  if (about) batch.sadd(keys.indexScopes(SHARD), about.agent);
  batch.zadd(keys.indexedIds(SHARD), 0, id);
  const isOpen = finished === undefined;
  if (isOpen) batch.zadd(restoringKey, created, id);
  else placeEnded(batch, id, about?.agent, fields.has('returnvalue'), finished, created);
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
  return isOpen ? 'open' : 'ended';
}

/** Adds an ended task to BullMQ's set and to the index. Its end was delivered, or may have been. */
export function placeEnded(
  batch: ReturnType<Context['redis']['multi']>,
  id: string,
  agentId: string | undefined,
  isSuccess: boolean,
  finished: string | number,
  created: string | number,
): void {
  batch.zadd(isSuccess ? keys.completedJobs(SHARD) : keys.failedJobs(SHARD), finished, id);
  const status = isSuccess ? 'SUCCESS' : 'FAILURE';
  for (const scope of [ALL_AGENTS, ...(agentId === undefined ? [] : [agentId])])
    batch.zadd(keys.taskIndex(SHARD, scope, status), created, id);
}
