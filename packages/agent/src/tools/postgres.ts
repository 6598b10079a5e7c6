import { isNativeError } from 'node:util/types';
import type { PostgresTool } from '@agenthook/contracts';
import { EgressError } from '@agenthook/egress';
import { DatabaseError } from 'pg';
import { connectPostgres, type PostgresConnection } from './postgres-connect.js';
import { type QueryResult, readRows } from './postgres-read.js';
import { checkRole } from './postgres-role.js';
import { type PostgresAddress, parsePostgresUrl } from './postgres-url.js';
import { ToolError, type ToolKind } from './tool.js';

const MAX_QUERY_CHARACTERS = 20_000;
/**
 * The protocol cannot limit the size of a value, which may be a gigabyte. Past this limit, the connection is
 * cut.
 */
const MAX_BYTES = 16 * 1024 * 1024;
const BYTES_CHECK_MS = 50;
/** Extra time for an answer beyond the server's own statement timeout. */
const GRACE_MS = 5_000;

/**
 * Leading comments. PostgreSQL allows nested ones, this does not: a nested comment is refused, not misread.
 */
const LEADING = /^(?:[\s(]|--[^\n]*(?:\n|$)|\/\*(?:(?!\/\*|\*\/)[\s\S])*\*\/)*/;
const READS = /^(?:select|with|table|values|show|explain)\b/i;

/**
 * The server itself enforces the read-only transaction. Statements that it does not consider writes (COPY …
 * TO PROGRAM, DO, SET, COMMIT) are refused by their first word.
 */
function checkStatement(query: unknown): string {
  if (typeof query !== 'string' || query.trim() === '')
    throw new ToolError('`query` must be an SQL statement.');
  if (query.length > MAX_QUERY_CHARACTERS)
    throw new ToolError(`The query is longer than ${MAX_QUERY_CHARACTERS} characters.`);
  if (!READS.test(query.replace(LEADING, ''))) {
    throw new ToolError(
      'Only statements that read are allowed: SELECT, WITH, TABLE, VALUES, SHOW, EXPLAIN. This ' +
        'connection is read-only.',
    );
  }
  return query;
}

/** What the model may learn about a failure. Never the URL or the password, whichever side repeats it. */
function toToolError(error: unknown, address: PostgresAddress): unknown {
  if (error instanceof ToolError || !isNativeError(error)) return error;
  if (error instanceof EgressError)
    return new ToolError(error.message.replaceAll(address.host, "the database's host"));
  if (error instanceof DatabaseError) {
    const parts = [error.message, error.detail, error.hint && `Hint: ${error.hint}`];
    const place = error.position ? ` (at character ${error.position})` : '';
    const text = `PostgreSQL: ${parts.filter(Boolean).join('. ')}${place}`.slice(0, 2_000);
    return new ToolError(address.password ? text.replaceAll(address.password, '[redacted]') : text);
  }
  if (error.message === 'timeout expired') return new ToolError('The database did not answer in time.');
  const { code } = error as NodeJS.ErrnoException;
  return new ToolError(
    code
      ? `The database is unreachable: ${code}.`
      : `The connection to the database failed: ${error.message.replaceAll(address.host, 'the host')}.`,
  );
}

/** Runs `work`, and cuts the connection if `signal` aborts, time is up or the answer is too large. */
async function guarded<T>(
  connection: PostgresConnection,
  signal: AbortSignal,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new ToolError(`The query took longer than ${timeoutMs} ms.`));
  }, timeoutMs);
  const meter = setInterval(() => {
    if (connection.bytesRead() > MAX_BYTES)
      limit.abort(
        new ToolError('The result is too large. Select fewer columns, or shorten them: left(x, 1000).'),
      );
  }, BYTES_CHECK_MS);
  const stop = AbortSignal.any([signal, limit.signal]);
  stop.addEventListener('abort', connection.cancel, { once: true });
  try {
    stop.throwIfAborted();
    return await work();
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(meter);
    stop.removeEventListener('abort', connection.cancel);
    await connection.close();
  }
}

const describe = ({ description, schema_hint }: PostgresTool, maxRows: number): string =>
  [
    description ?? 'Reads from a PostgreSQL database.',
    `Runs one SQL statement that reads. At most ${maxRows} rows are returned, so aggregate, filter ` +
      'and LIMIT.',
    schema_hint && `The database:\n${schema_hint}`,
  ]
    .filter(Boolean)
    .join('\n');

/**
 * Reads from a PostgreSQL database: one statement, in a read-only transaction, on its own connection.
 * Secrets: `url`, and `ca` (PEM) if a private authority signed the server's certificate.
 *
 * Use a role that may only SELECT what the agent needs. Even in a read-only transaction, a superuser may read
 * the server's files and run functions with effects outside the database (`pg_read_file`, `dblink`,
 * `pg_terminate_backend`). Such roles are refused unless `allow_privileged_role` is set.
 */
export const postgresTool: ToolKind<'postgres'> = {
  type: 'postgres',
  async open(config, env) {
    const address = parsePostgresUrl(env.secrets.url);
    const maxRows = config.max_rows ?? 100;
    const statementTimeoutMs = config.statement_timeout_ms ?? 5_000;
    const run = async (connection: PostgresConnection, sql: string): Promise<QueryResult> => {
      if (config.allow_privileged_role !== true) await checkRole(connection);
      return await readRows(connection, sql, { maxRows, statementTimeoutMs });
    };
    const query = async (sql: string, signal: AbortSignal): Promise<QueryResult> => {
      try {
        const connection = await connectPostgres(env.egress, address, { ca: env.secrets.ca, signal });
        return await guarded(connection, signal, statementTimeoutMs + GRACE_MS, () => run(connection, sql));
      } catch (error) {
        signal.throwIfAborted();
        throw toToolError(error, address);
      }
    };
    return {
      tools: [
        {
          name: config.name,
          description: describe(config, maxRows),
          parameters: {
            type: 'object',
            properties: {
              query: { type: 'string', maxLength: MAX_QUERY_CHARACTERS, description: 'One SQL statement.' },
            },
            required: ['query'],
            additionalProperties: false,
          },
          repeat_safe: true,
          execute: async ({ query: sql }, { signal }) => query(checkStatement(sql), signal),
        },
      ],
    };
  },
};
