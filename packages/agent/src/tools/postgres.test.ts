import { until, withPostgres } from '@agenthook/testing';
import { describe, expect, test } from '@jest/globals';
import { PASSWORD, postgresFixture } from '../../test/postgres-fixture.js';
import { postgresTool } from './postgres.js';

withPostgres(describe)('the postgres tool', () => {
  const { urlOf, ask, refusal, sessions, ca, environment, privileged, asAdmin } = postgresFixture();

  test("returns columns and rows with JSON's types", async () => {
    const result = await ask(
      "SELECT id, total, tags, placed AT TIME ZONE 'UTC' AS placed, id > 1 AS later, null AS nothing, count(*) OVER () AS n FROM orders WHERE id < 3 ORDER BY id;",
    );
    expect(result).toEqual({
      columns: ['id', 'total', 'tags', 'placed', 'later', 'nothing', 'n'],
      rows: [
        [1, '1.50', { n: [1] }, '2026-01-02 03:04:05', false, null, 2],
        [2, '3.00', { n: [1] }, '2026-01-02 03:04:05', true, null, 2],
      ],
      truncated: false,
    });
    const json = await ask(`SELECT '{"id":9007199254740993}'::jsonb, '[1e400]'::json`);
    expect(JSON.stringify(json.rows)).toBe('[[{"id":9007199254740993},[1e400]]]');
    const deep = await ask("SELECT (repeat('[', 5000) || repeat(']', 5000))::json");
    expect(deep.rows[0]?.[0]).toMatch(/^\[{4000}…$/);
    const big = await ask("SELECT 9007199254740993::bigint, 'NaN'::float8, '\\x00ff'::bytea");
    expect(big.rows).toEqual([['9007199254740993', 'NaN', '\\x00ff']]);
  });

  test('tells the model its purpose and the tables', async () => {
    const env = environment();
    const config = { type: 'postgres', name: 'db', schema_hint: 'orders(id, total)' } as const;
    const { tools } = await postgresTool.open(config, env, { signal: AbortSignal.timeout(1_000) });
    expect(tools).toMatchObject([{ name: 'db', repeat_safe: true }]);
    expect(tools[0]?.description).toMatch(/orders\(id, total\)/);
    expect(JSON.stringify(tools)).not.toContain('reader');
  });

  test.each([
    ['a write', 'INSERT INTO orders (id) VALUES (0)', /read/],
    [
      'a write inside of a query',
      'WITH gone AS (INSERT INTO orders (id) VALUES (0) RETURNING id) SELECT * FROM gone',
      /read-only transaction/,
    ],
    [
      'a write behind EXPLAIN ANALYZE',
      'EXPLAIN ANALYZE INSERT INTO orders (id) VALUES (0)',
      /read-only transaction/,
    ],
    ['a table made of a query', 'SELECT 1 AS a INTO thing', /read-only transaction/],
    ['a second statement', 'SELECT 1; DROP TABLE orders', /multiple commands/],
    ['leaving the transaction', 'COMMIT; INSERT INTO orders (id) VALUES (0)', /read/],
    ['making it read-write', 'SET TRANSACTION READ WRITE', /read/],
    [
      'the same by a function',
      "SELECT set_config('transaction_read_only', 'off', true)",
      /must be set before any query/,
    ],
    ['a block of code', 'DO $$ BEGIN DELETE FROM orders; END $$', /read/],
    ['a comment that hides the first word', '/* /* */ SELECT */ COPY orders TO STDOUT', /read/],
    ['nothing', ' ', /must be an SQL statement/],
    ['no text', 7, /must be an SQL statement/],
    ['a mistake', 'SELECT nme FROM orders', /PostgreSQL: column "nme" does not exist.*at character 8/],
    ['a table that is not this role’s', 'SELECT * FROM pg_authid', /permission denied/],
  ])('refuses %s, and changes nothing', async (_name, query, message) => {
    expect(await refusal(query)).toMatch(message);
    expect(await asAdmin('SELECT count(*)::int AS n FROM orders')).toEqual([{ n: 1000 }]);
  });

  test.each([
    ['writing by a function that wants to', 'SELECT sneak()', /before any query/],
    ['running a program', "COPY orders TO PROGRAM 'touch /tmp/agenthook-owned'", /Only statements that read/],
  ])('refuses a superuser too: %s', async (_name, query, message) => {
    expect(await refusal(query, privileged())).toMatch(message);
  });

  test('rolls back what a function did', async () => {
    // PostgreSQL counts large objects as writes only since 16.
    await ask("SELECT lo_from_bytea(0, 'x')", privileged()).catch(() => undefined);
    expect(await asAdmin('SELECT oid FROM pg_largeobject_metadata')).toEqual([]);
  });

  test('a superuser reads the server’s files only if the tool allows it', async () => {
    const readFile = "SELECT pg_read_file('PG_VERSION')";
    expect((await ask(readFile, privileged())).rows).toHaveLength(1);
    for (const query of [readFile, 'SELECT 1'])
      expect(await refusal(query, { url: privileged().url })).toMatch(
        /privileged \(.*superuser.*allow_privileged_role/,
      );
    expect(await refusal(readFile)).toMatch(/permission denied/);
  });

  test.each([
    ['a replication role', 'REPLICATION', '', /\(replication\)/],
    ['one that reads files', '', 'GRANT pg_read_server_files TO watcher', /\(pg_read_server_files\)/],
    ['one that writes files', '', 'GRANT pg_write_server_files TO watcher', /\(pg_write_server_files\)/],
    [
      'one that runs programs',
      '',
      'GRANT pg_execute_server_program TO watcher',
      /\(pg_execute_server_program\)/,
    ],
    [
      'one that may become such a role, not by itself',
      'NOINHERIT',
      'CREATE ROLE middle; GRANT middle TO watcher; GRANT pg_read_server_files TO middle',
      /\(pg_read_server_files\)/,
    ],
    ['one that may become a superuser', 'NOINHERIT', 'GRANT postgres TO watcher', /superuser/],
    [
      'one that was given a file function',
      '',
      'GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO watcher',
      /\(EXECUTE on pg_read_file\)/,
    ],
    [
      'one that hides it by a search_path of its own',
      'REPLICATION',
      `CREATE SCHEMA trick; GRANT USAGE ON SCHEMA trick TO watcher;
       CREATE VIEW trick.pg_roles AS SELECT 'none'::name AS rolname, 0::oid AS oid, false AS rolsuper, false AS rolreplication;
       GRANT SELECT ON trick.pg_roles TO watcher;
       CREATE FUNCTION trick.pg_has_role(name, oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
       ALTER ROLE watcher SET search_path = trick, pg_catalog`,
      /\(replication\)/,
    ],
  ])('refuses %s', async (_name, options, sql, message) => {
    await asAdmin(`CREATE ROLE watcher LOGIN ${options} PASSWORD '${PASSWORD}'; ${sql}`);
    try {
      const url = urlOf('', { user: 'watcher' });
      expect(await refusal('SELECT 1', { url })).toMatch(message);
      expect(await refusal("SELECT set_config('role', 'none', false)", { url })).toMatch(message);
      expect((await ask('SELECT 1', { url, allow_privileged_role: true })).rows).toEqual([[1]]);
    } finally {
      await asAdmin('DROP SCHEMA IF EXISTS trick CASCADE; DROP OWNED BY watcher; DROP ROLE watcher');
      await asAdmin('DROP ROLE IF EXISTS middle');
    }
  });

  test('accepts reading statements, whatever they begin with', async () => {
    for (const query of [
      '(SELECT 1) UNION SELECT 2',
      '-- why\n/* so */ VALUES (1)',
      'TABLE orders',
      'EXPLAIN SELECT 1',
      'SHOW server_version',
    ])
      expect((await ask(query)).rows.length).toBeGreaterThan(0);
  });

  test('stops a statement that takes too long', async () => {
    const started = Date.now();
    expect(await refusal('SELECT pg_sleep(60)', { statement_timeout_ms: 300 })).toMatch(/statement timeout/);
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  test('caps a million rows, and a few wide ones', async () => {
    const many = await ask('SELECT a.id AS n FROM orders a CROSS JOIN orders b', { max_rows: 3 });
    expect(many).toMatchObject({ columns: ['n'], truncated: true });
    expect(many.rows).toHaveLength(3);
    expect(await ask('SELECT n FROM generate_series(1, 3) n', { max_rows: 3 })).toMatchObject({
      truncated: false,
    });

    const wide = await ask("SELECT repeat('ä', 100000) FROM generate_series(1, 1000)", { max_rows: 1000 });
    expect(wide.truncated).toBe(true);
    expect(JSON.stringify(wide).length).toBeLessThan(60_000);
    expect(wide.rows[0]?.[0]).toHaveLength(4_001);
  });

  test('cuts a value that would fill the memory', async () => {
    const before = process.memoryUsage().rss;
    expect(await refusal("SELECT repeat('x', 100000000)", { statement_timeout_ms: 30_000 })).toMatch(
      /too large/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  test('an abort stops the query on the server too', async () => {
    const controller = new AbortController();
    const asked = ask('SELECT pg_sleep(50)', { signal: controller.signal, statement_timeout_ms: 60_000 });
    const running = async () =>
      (await sessions()).some(({ state, query }) => state === 'active' && /pg_sleep/.test(query));
    await until('the query runs', running);
    controller.abort(new Error('the task was cancelled'));
    await expect(asked).rejects.toThrow('the task was cancelled');
    await until('it no longer runs', async () => !(await running()));
  });

  test('leaves no session behind', async () => {
    await ask('SELECT 1');
    await refusal('SELECT 1/0');
    await until('all sessions ended', async () => (await sessions()).length === 0);
  });

  test('encrypts if the server can, and checks the name if required', async () => {
    const encrypted = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    expect((await ask(encrypted)).rows).toEqual([[true]]);
    expect((await ask(encrypted, { url: urlOf('?sslmode=disable') })).rows).toEqual([[false]]);
    expect((await ask(encrypted, { url: urlOf('?sslmode=require') })).rows).toEqual([[true]]);
    expect((await ask(encrypted, { url: urlOf('?sslmode=verify-full') }, { ca })).rows).toEqual([[true]]);
    const byAddress = { host: '127.0.0.1' };
    expect((await ask(encrypted, { url: urlOf('?sslmode=verify-ca', byAddress) }, { ca })).rows).toEqual([
      [true],
    ]);
    expect(await refusal(encrypted, { url: urlOf('?sslmode=verify-full') })).toMatch(/SELF_SIGNED/);
    expect(await refusal(encrypted, { url: urlOf('?sslmode=verify-full', byAddress) }, { ca })).toMatch(
      /ALTNAME/,
    );
  });

  describe('says what is wrong without revealing credentials:', () => {
    test.each([
      ['a wrong password', () => urlOf('', { password: 'wr0ng-password' }), /password authentication failed/],
      ['no password', () => urlOf('', { password: '' }), /password/i],
      [
        'an unknown database',
        () =>
          urlOf()
            .replace('/postgres?', '/none')
            .replace(/postgres$/, 'none'),
        /"none" does not exist/,
      ],
      ['a port that the guard does not allow', () => 'postgres://u:secret-x@127.0.0.1:1/db', /Refused/],
      ['a private host', () => 'postgres://u:secret-x@10.1.2.3/db', /Refused/],
      ['a socket', () => 'postgres://u:secret-x@%2Fvar%2Frun%2Fpostgresql/db', /Refused|Could not/],
    ])('%s', async (_name, url, message) => {
      const said = await refusal('SELECT 1', { url: url() });
      expect(said).toMatch(message);
      expect(said).not.toMatch(/wr0ng|secret-x|postgres:\/\//);
    });

    test("a password in this process's environment is not sent to anyone", async () => {
      process.env.PGPASSWORD = PASSWORD;
      try {
        expect(await refusal('SELECT 1', { url: urlOf('', { password: '' }) })).toMatch(/password/i);
      } finally {
        delete process.env.PGPASSWORD;
      }
    });
  });
});
