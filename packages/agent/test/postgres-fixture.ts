import { createEgress, type Egress } from '@agenthook/egress';
import { makeCertificate, type PostgresServer, startPostgres } from '@agenthook/testing';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { Client } from 'pg';
import { caller, toolEnvironment } from '../src/testing/tool-environment.js';
import { postgresTool } from '../src/tools/postgres.js';
import { ToolError } from '../src/tools/tool.js';

/** The password of the role that the tool uses. */
export const PASSWORD = 'p@ss/wörd#1';

/** A PostgreSQL server with 1,000 orders and a role that reads them; and the tool on it. */
export function postgresFixture() {
  let server: PostgresServer;
  let admin: Client;
  let egress: Egress;
  const tls = makeCertificate('db.test');
  const urlOf = (query = '', { host = 'db.test', password = PASSWORD, user = 'reader' } = {}) =>
    `postgres://${user}:${encodeURIComponent(password)}@${host}:${server.port}/postgres${query}`;

  beforeAll(async () => {
    server = await startPostgres({ tls });
    admin = new Client(server.url);
    await admin.connect();
    await admin.query(`
      CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2), placed timestamptz, tags jsonb, note text);
      INSERT INTO orders SELECT n, n * 1.5, '2026-01-02 03:04:05+00', '{"n": [1]}', repeat('x', n) FROM generate_series(1, 1000) n;
      CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}';
      GRANT SELECT, INSERT ON orders TO reader;
      CREATE FUNCTION sneak() RETURNS int LANGUAGE plpgsql AS $$ BEGIN SET TRANSACTION READ WRITE; DELETE FROM orders; RETURN 1; END $$;
    `);
    // The name exists only for this guard, and resolves to an address that is allowed only at this port.
    egress = createEgress({
      allow: [`db.test:${server.port}`, `127.0.0.1:${server.port}`],
      lookup: async () => ['127.0.0.1'],
    });
  });
  afterAll(async () => {
    await admin?.end();
    await egress?.close();
    await server?.stop();
  });

  async function ask(
    query: unknown,
    { url = urlOf(), signal, ...config }: { url?: string; signal?: AbortSignal; [key: string]: unknown } = {},
    secrets: Record<string, string> = {},
  ) {
    const env = toolEnvironment({ egress, secrets: { url, ...secrets } });
    const opened = await postgresTool.open({ type: 'postgres', name: 'db', ...config }, env, {
      signal: AbortSignal.timeout(60_000),
    });
    return (await caller(opened)('db', { query }, signal)) as {
      columns: string[];
      rows: unknown[][];
      truncated: boolean;
    };
  }
  /** The message of the ToolError that a query causes. */
  const refusal = async (...args: Parameters<typeof ask>) => {
    const error = await ask(...args).then(
      (result) => new Error(`was answered: ${JSON.stringify(result)}`),
      (failure: Error) => failure,
    );
    expect(error).toBeInstanceOf(ToolError);
    expect(error.message).not.toContain(PASSWORD);
    return error.message;
  };
  const sessions = async () =>
    (await admin.query("SELECT state, query FROM pg_stat_activity WHERE application_name = 'agenthook'"))
      .rows;

  return {
    urlOf,
    ask,
    refusal,
    sessions,
    ca: tls.cert,
    environment: (url = urlOf()) => toolEnvironment({ egress, secrets: { url } }),
    /** The server's superuser, and permission to be one. */
    privileged: () => ({ url: server.url, allow_privileged_role: true }),
    /** Asks the server as its superuser, past the tool. */
    asAdmin: async (sql: string) => (await admin.query(sql)).rows,
  };
}
