import { isJsonObject } from '@agenthook/json';
import { SESSION, tokenHashOf } from '../access/session-store.js';
import { API_KEY, DAMAGED_KEY } from '../access/stored-key.js';
import { PAUSE_ROW } from '../agents/agent-pause.js';
import { DOCUMENT } from '../agents/documents/document-store.js';
import { NOTE } from '../agents/memory-store.js';
import { SCHEDULE } from '../agents/schedules/schedule-store.js';
import { ALERT } from '../alerts/alert-hash.js';
import { ALERT_ROW } from '../alerts/alert-store.js';
import { RULE_ROW } from '../alerts/rule-store.js';
import { AUDIT_ENTRY } from '../audit/read-audit.js';
import { BUDGET_ROW } from '../budget/read-budgets.js';
import { BULK } from '../bulk/bulk-fields.js';
import { BULK_ABOUT } from '../bulk/bulk-store.js';
import { CHANNEL_ROW } from '../channels/channel-store.js';
import { KEPT_ROWS } from '../intake/rejection-store.js';
import { ABOUT, OPTIONS_FIELD } from '../queue/job.js';
import type { RedisClient } from '../redis/connect.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { objectOf, type RowKind, readRow } from '../redis/stored-row.js';

/** How many entries one command reads. */
const AT_ONCE = 200;
/** How many of the newest tasks of a shard are looked at, of each status. */
const MOST_TASKS = 1_000;

/** A row, and how people name it. */
type Row = readonly [name: string, json: string];
type Rows = (redis: RedisClient, shards: readonly number[]) => AsyncGenerator<Row>;

/** A kind of stored rows, and what to do about a damaged one. */
interface CheckedRows {
  name: string;
  rows: Rows;
  isSound: (json: string, name: string) => boolean;
  /** null: nothing needs to be done. */
  action: string | null;
}

const silent = { log: { warn: () => undefined } };

const checked = <Row extends object>(kind: RowKind<Row>, rows: Rows, action: string | null): CheckedRows => ({
  name: kind.name,
  rows,
  isSound: (json, name) => readRow(silent, kind, json, name) !== undefined,
  action,
});

/** The rows of a hash, a few at a time. */
async function* inHash(redis: RedisClient, key: string): AsyncGenerator<Row> {
  let cursor = '0';
  do {
    const [next, fields] = await redis.hscan(key, cursor, 'COUNT', AT_ONCE);
    for (let n = 0; n < fields.length; n += 2) yield [fields[n] ?? '', fields[n + 1] ?? ''];
    cursor = next;
  } while (cursor !== '0');
}

/** The rows of a hash that each agent has. Their names have the agent's id in front. */
const ofAgents = (keyOf: (id: string) => string): Rows =>
  async function* (redis) {
    for (const id of await redis.zrange(keys.agents, '0', '-1'))
      for await (const [name, json] of inHash(redis, keyOf(id))) yield [`${id}/${name}`, json];
  };

/** One field of each of many hashes, or the strings at many keys. */
async function* inEach(
  redis: RedisClient,
  names: readonly string[],
  read: (batch: ReturnType<RedisClient['pipeline']>, name: string) => unknown,
): AsyncGenerator<Row> {
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    const batch = redis.pipeline();
    for (const name of some) read(batch, name);
    for (const [n, [error, json]] of ((await batch.exec()) ?? []).entries()) {
      if (error) throw error;
      // It was removed meanwhile.
      if (typeof json === 'string') yield [some[n] ?? '', json];
    }
  }
}

async function* sessions(redis: RedisClient): AsyncGenerator<Row> {
  const members = await redis.zrange(keys.sessionIndex, '0', '-1');
  yield* inEach(redis, members, (batch, member) => batch.get(keys.session(tokenHashOf(member))));
}

async function* auditEntries(redis: RedisClient): AsyncGenerator<Row> {
  for (let from = '-'; ; ) {
    const rows = await redis.xrange(keys.audit, from, '+', 'COUNT', AT_ONCE);
    for (const [id, [, json = '']] of rows) yield [id, json];
    const last = rows.at(-1)?.[0];
    if (rows.length < AT_ONCE || last === undefined) return;
    from = `(${last}`;
  }
}

async function* apiKeys(redis: RedisClient): AsyncGenerator<Row> {
  for await (const [hash, json] of inHash(redis, keys.apiKeys)) {
    const id = objectOf(json)?.id ?? /"id":"(key_[\w-]{1,64})"/.exec(json)?.[1];
    yield [typeof id === 'string' && id !== '' ? id : DAMAGED_KEY + hash, json];
  }
}

async function* pauses(redis: RedisClient, shards: readonly number[]): AsyncGenerator<Row> {
  for (const shard of shards) yield* inHash(redis, keys.pauses(shard));
}

async function* tasks(redis: RedisClient, shards: readonly number[]): AsyncGenerator<Row> {
  for (const shard of shards)
    for (const status of ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE'] as const) {
      const ids = await redis.zrevrange(keys.taskIndex(shard, ALL_AGENTS, status), 0, MOST_TASKS - 1);
      yield* inEach(redis, ids, (batch, id) => batch.hget(keys.job(shard, id), OPTIONS_FIELD));
    }
}

/** Kinds of stored rows that a reader leaves out when they are damaged. */
export const CHECKED_ROWS: readonly CheckedRows[] = [
  checked(
    API_KEY,
    apiKeys,
    'It opens nothing. Revoke it by this id (DELETE /api/keys/{id}), and create another one.',
  ),
  checked(SESSION, sessions, null),
  checked(
    DOCUMENT,
    ofAgents(keys.agentDocuments),
    'Delete it (DELETE /api/agents/{id}/documents/{document_id}), and add it again.',
  ),
  checked(NOTE, ofAgents(keys.agentNotes), 'The agent does not see it: let it save the note again.'),
  checked(SCHEDULE, ofAgents(keys.agentSchedules), null),
  checked(KEPT_ROWS.rejected, ofAgents(keys.agentRejections), null),
  checked(KEPT_ROWS.filtered, ofAgents(keys.agentFiltered), null),
  checked(PAUSE_ROW, pauses, 'It holds until somebody resumes it: agenthook resume.'),
  checked(
    BUDGET_ROW,
    (redis) => inEach(redis, [keys.budget], (batch, key) => batch.get(key)),
    'The installation has no budget while it cannot be read: save it again (PUT /api/budget).',
  ),
  checked(
    BULK_ABOUT,
    async function* (redis) {
      const ids = await redis.zrange(keys.bulkJobs, '0', '-1');
      yield* inEach(redis, ids, (batch, id) => batch.hget(keys.bulkJob(id), BULK.about));
    },
    'A worker ends it. Create the job again if it had not finished.',
  ),
  checked(
    CHANNEL_ROW,
    (redis) => inHash(redis, keys.notifyChannels),
    'Nobody is told through it. Delete it (DELETE /api/notify-channels/{name}), and create it again.',
  ),
  checked(
    RULE_ROW,
    (redis) => inHash(redis, keys.alertRules),
    'It watches nothing. Delete it (DELETE /api/alert-rules/{id}), and create it again.',
  ),
  checked(
    ALERT_ROW,
    async function* (redis) {
      const ids = await redis.zrange(keys.alerts, '0', '-1');
      yield* inEach(redis, ids, (batch, id) => batch.hget(keys.alert(id), ALERT.about));
    },
    null,
  ),
  checked(AUDIT_ENTRY, auditEntries, null),
  {
    name: 'task',
    rows: tasks,
    isSound: (json) => isJsonObject(objectOf(json)?.[ABOUT]),
    action: 'Look at it (GET /api/tasks/{id}), and erase it once it has ended (DELETE /api/tasks/{id}).',
  },
];

/** What is said of a row that needs nothing done. */
export const NOTHING_TO_DO =
  'Nothing needs to be done: it is neither shown nor used, and expires or is replaced by itself.';
