import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { type PostgresServer, type Stack, startPostgres, startStack, until, withPostgres } from '../index.js';

jest.setTimeout(120_000);

const archived = withPostgres(test);
let postgres: PostgresServer;
let stack: Stack;
let sql: pg.Client;
let holder: pg.Client;
let token: string;

beforeAll(async () => {
  postgres = await startPostgres();
  [sql, holder] = [new pg.Client(postgres.url), new pg.Client(postgres.url)];
  await Promise.all([sql.connect(), holder.connect()]);
  stack = await startStack({
    env: { ARCHIVE_URL: postgres.url, ARCHIVE_AFTER_SECONDS: '1' },
  });
  ({ token } = await stack.mintWebhook((await stack.createAgent({ name: 'Archive' })).id));
});
afterAll(async () => {
  await stack?.stop();
  await Promise.allSettled([sql?.end(), holder?.end()]);
  await postgres?.stop();
});

interface Trace {
  status: string;
  archived?: true;
  payload: unknown;
}

const trace = async (id: string) => (await stack.request<Trace>('GET', `/api/tasks/${id}`)).body;
const isArchived = (id: string) =>
  until(`${id} is archived`, async () => (await trace(id)).archived === true);
const hasRow = async (id: string) =>
  (await sql.query('SELECT 1 FROM agenthook_archive WHERE id = $1', [id])).rowCount === 1;
const run = async (n: number) => {
  const { body } = await stack.trigger(token, { n });
  await stack.poll(body.task_id);
  return body.task_id;
};

/** Lets no process write rows, until the returned function is called. */
async function holdRows(): Promise<() => Promise<unknown>> {
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE agenthook_archive IN SHARE MODE');
  return () => holder.query('COMMIT');
}

/** Lets no process commit rows, until the returned function is called. */
async function holdCommits(): Promise<() => Promise<unknown>> {
  await sql.query(`
    CREATE FUNCTION hold_commit() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER hold_commit AFTER INSERT ON agenthook_archive
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_commit()`);
  await holder.query('SELECT pg_advisory_lock(7)');
  return () => holder.query('SELECT pg_advisory_unlock(7)');
}

/** Waits until a worker is in its transaction. */
const isStoring = () =>
  until('a worker stores a task', async () => {
    const { rows } = await sql.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'agenthook-archive' AND wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  });

async function kill(): Promise<void> {
  const worker = stack.workers.at(-1);
  worker?.signal('SIGKILL');
  await worker?.exited;
}

archived(
  'a worker that dies before or after the commit loses nothing, and no task is there twice',
  async () => {
    await isArchived(await run(0));

    let release = await holdRows();
    const before = await run(1);
    await isStoring();
    await kill();
    await release();
    expect(await hasRow(before)).toBe(false);
    expect(await trace(before)).toMatchObject({ status: 'SUCCESS', payload: { n: 1 } });

    release = await holdCommits();
    await stack.startWorker();
    const after = await run(2);
    await isStoring();
    // PostgreSQL commits, and the worker does nothing more.
    stack.workers.at(-1)?.signal('SIGSTOP');
    await release();
    await until('the row is committed', () => hasRow(before));
    await kill();
    expect(await trace(before)).toMatchObject({ status: 'SUCCESS', payload: { n: 1 } });
    expect(await trace(before)).not.toHaveProperty('archived');
    expect(await stack.taskIds()).toHaveLength(3);

    await stack.startWorker();
    for (const id of [before, after]) await isArchived(id);
    expect(await trace(before)).toMatchObject({ status: 'SUCCESS', payload: { n: 1 } });
    expect(await stack.taskIds()).toHaveLength(3);
    expect((await sql.query('SELECT 1 FROM agenthook_archive')).rowCount).toBe(3);
  },
);

archived('an archived task is erased for good', async () => {
  const id = await run(3);
  await isArchived(id);
  expect((await stack.request('DELETE', `/api/tasks/${id}`)).status).toBe(204);
  expect(await hasRow(id)).toBe(false);
  expect((await stack.status(id)).status).toBe(404);
});

archived('without PostgreSQL all goes on, and readers are told', async () => {
  const id = await run(4);
  await isArchived(id);
  await Promise.all([sql.end(), holder.end()]);
  await postgres.stop();
  const { status, headers, body } = await stack.status(id);
  expect({ status, body }).toMatchObject({ status: 503, body: { code: 'archive_unavailable' } });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  const stays = await run(5);
  const { body: list } = await stack.request<{ tasks: { task_id: string }[] }>('GET', '/api/tasks');
  expect(list).toMatchObject({ archive: 'unavailable', next_cursor: null });
  expect(list.tasks.map(({ task_id }) => task_id)).toContain(stays);
  const ready = await until('the api says so', async () => {
    const answer = await stack.request<{ problems: string[] }>('GET', '/readyz');
    return answer.body.problems.some((line) => line.includes('archive does not answer')) && answer;
  });
  expect(ready.status).toBe(200);
  await until('the metric counts it', async () => {
    const metrics = await stack.request('GET', '/metrics');
    return /^agenthook_archive_waiting_tasks [1-9]/m.test(String(metrics.body));
  });
  expect(await trace(stays)).toMatchObject({ status: 'SUCCESS' });
});
