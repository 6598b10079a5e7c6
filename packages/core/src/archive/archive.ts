import { withDeadline } from '@agenthook/async';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { AppError } from '../errors.js';
import type { ProcessLog } from '../log.js';
import { withoutTokens } from '../log.js';
import { migrate } from './migrate.js';

/** How long a process waits for a connection, and PostgreSQL for a statement, in ms. */
const CONNECT_MS = 2_000;
const STATEMENT_MS = 10_000;
/** How long people and pollers wait for the archive, in ms. The rest of their answer does not need it. */
export const READ_MS = 2_500;
/** How long nobody asks an archive that is away, in ms. Then one at a time asks; others fail at once. */
const AWAY_MS = 1_000;
/** How long an archive that was too slow for a reader may take to say that it answers at all, in ms. */
const PROBE_MS = 1_000;
const MOST_CONNECTIONS = 4;
const RETRY_AFTER_SECONDS = 5;
/** How much of PostgreSQL's message is kept, in characters. */
const MOST_REASON = 300;

export interface ArchiveSettings {
  /** A postgres:// URL. */
  url: string;
  /** How long a finished task stays in Redis, in seconds. */
  afterSeconds: number;
  /** How long the archive keeps a task after its end, in days. */
  days: number;
}

/**
 * Thrown when PostgreSQL refuses what a transaction writes, although it answers others: a value that no
 * column takes, a constraint, a limit. Other callers see it as `archive_unavailable`.
 */
export class RefusedRow extends AppError {
  /** PostgreSQL's code and message, without a row's content. */
  readonly reason: string;

  constructor(reason: string) {
    super('archive_unavailable', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    this.reason = reason;
  }
}

/**
 * Runs one statement with its parameters, and returns its rows.
 *
 * @param withinMs how long to wait for them, in ms, if not as long as any statement may take
 */
export type Query = <Row extends QueryResultRow>(
  text: string,
  values?: readonly unknown[],
  withinMs?: number,
) => Promise<Row[]>;

/** The archive of finished tasks in PostgreSQL. Its errors are `archive_unavailable`. */
export interface Archive {
  readonly afterMs: number;
  readonly keptMs: number;
  query: Query;
  /** Runs statements as one transaction, which is committed when this resolves. Throws RefusedRow, too. */
  transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;
  /** Why the archive could not be used the last time; undefined if it could. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/**
 * Opens the archive. Does not wait for PostgreSQL: tables are made or migrated before the first statement,
 * and a process starts without it.
 *
 * @param prepare what is done before the first statement instead
 */
export function openArchive(
  { url, afterSeconds, days }: ArchiveSettings,
  log: ProcessLog,
  prepare: (client: PoolClient) => Promise<void> = migrate,
): Archive {
  let opened: Promise<Pool> | undefined;
  let failure: { text: string; at: number; isAway: boolean } | undefined;
  let isAsked = false;
  let isProbed = false;

  const open = async (): Promise<Pool> => {
    // Loaded only where an archive is configured.
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({
      connectionString: url,
      max: MOST_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + CONNECT_MS,
      idle_in_transaction_session_timeout: STATEMENT_MS,
      application_name: 'agenthook-archive',
      allowExitOnIdle: true,
    });
    pool.on('error', (error) => log.debug({ err: error }, 'a connection to the archive broke'));
    try {
      await withClient(pool, prepare);
      return pool;
    } catch (error) {
      pool.end().catch(() => undefined);
      throw error;
    }
  };

  const fail = (text: string, isAway: boolean) => {
    if (failure === undefined) log.warn({ reason: text }, 'the archive did not answer');
    failure = { text: text || 'no connection', at: performance.now(), isAway };
  };

  const use = async <Result>(
    work: (client: PoolClient) => Promise<Result>,
    withinMs = Number.POSITIVE_INFINITY,
  ): Promise<Result> => {
    const mayBeAway = failure?.isAway === true;
    if (failure?.isAway && (isAsked || performance.now() - failure.at < AWAY_MS)) throw unavailable();
    if (mayBeAway) isAsked = true;
    const worked = run(work).finally(() => {
      if (mayBeAway) isAsked = false;
    });
    if (withinMs === Number.POSITIVE_INFINITY) return await worked;
    worked.catch(() => undefined);
    const result = await withDeadline(worked, withinMs, LATE);
    if (result !== LATE) return result;
    fail('no answer in time', mayBeAway);
    if (!mayBeAway && !isProbed) probe();
    throw unavailable();
  };

  const run = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    try {
      opened ??= open();
      const result = await withClient(await opened, work);
      failure = undefined;
      return result;
    } catch (error) {
      const text = withoutTokens(error instanceof Error ? error.message : String(error));
      if (isAboutRow(error)) {
        failure = undefined;
        throw new RefusedRow(`${error.code} ${text}`.slice(0, MOST_REASON));
      }
      // A statement that is too slow does not say that the archive is back.
      fail(text, !isAnswer(error) && (!isTooSlow(error) || failure?.isAway === true));
      // A failed opening is tried again.
      await opened?.catch(() => {
        opened = undefined;
      });
      throw unavailable();
    }
  };

  /** Finds out whether the archive hangs, or was only too slow for one statement. */
  const probe = () => {
    isProbed = true;
    const asked = run((client) => rowsOf(client, 'SELECT 1', [], PROBE_MS));
    withDeadline(asked, 2 * PROBE_MS, LATE)
      .then(
        (answer) => answer === LATE && fail('no answer in time', true),
        () => fail(failure?.text ?? 'no connection', true),
      )
      .finally(() => {
        isProbed = false;
      });
  };

  return {
    afterMs: afterSeconds * 1000,
    keptMs: days * 86_400_000,
    query: (text, values, withinMs) => use((client) => rowsOf(client, text, values, withinMs), withinMs),
    transaction: (work) =>
      use(async (client) => {
        await client.query('BEGIN');
        try {
          const result = await work((text, values) => rowsOf(client, text, values));
          await client.query('COMMIT');
          return result;
        } catch (error) {
          await client.query('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }),
    problem: () => failure?.text,
    close: async () => {
      const pool = await opened?.catch(() => undefined);
      await pool?.end();
    },
  };
}

const LATE = Symbol('late');

/** Whether the client gave up on a statement: others may be answered. */
const isTooSlow = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Query read timeout';

/** Whether PostgreSQL itself has refused a statement: others may be answered. */
const isAnswer = (error: unknown): boolean => error instanceof Error && 'severity' in error;

/**
 * SQLSTATE classes that are about the values of a statement: data exceptions, integrity constraints, program
 * limits, what a trigger raises, and a view's check.
 */
const ROW_CLASSES = ['22', '23', '54', 'P0', '44'];

const isAboutRow = (error: unknown): error is Error & { code: string } =>
  isAnswer(error) && ROW_CLASSES.includes(String((error as { code?: unknown }).code).slice(0, 2));

const unavailable = (): AppError =>
  new AppError('archive_unavailable', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS });

/** Runs work on one connection. A connection on which it failed is not used again. */
async function withClient<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failed: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    failed = error as Error;
    throw error;
  } finally {
    client.release(failed);
  }
}

async function rowsOf<Row extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values: readonly unknown[] = [],
  withinMs?: number,
): Promise<Row[]> {
  const statement = { text, values: [...values], ...(withinMs !== undefined && { query_timeout: withinMs }) };
  return (await client.query<Row>(statement)).rows;
}
