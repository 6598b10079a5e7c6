import type { PoolClient } from 'pg';

/** Keeps two processes from migrating at once. An arbitrary number, the same for all of them. */
const LOCK = 7_014_823_905;

/**
 * The steps that make the tables what they are, in order. A step never changes once it is released: a later
 * one is added. Texts of a task are compressed already, so PostgreSQL stores them as they are.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE agenthook_archive (
    id text COLLATE "C" PRIMARY KEY,
    agent_id text COLLATE "C" NOT NULL,
    status text NOT NULL,
    created_ms bigint NOT NULL,
    finished_ms bigint NOT NULL,
    expires_ms bigint,
    conversation_id text COLLATE "C",
    key_hashes text[] COLLATE "C" NOT NULL,
    head text NOT NULL,
    texts bytea NOT NULL,
    data bytea,
    log bytea,
    events bytea
  );
  ALTER TABLE agenthook_archive
    ALTER COLUMN texts SET STORAGE EXTERNAL,
    ALTER COLUMN log SET STORAGE EXTERNAL;
  CREATE INDEX agenthook_archive_all ON agenthook_archive (created_ms, id, status);
  CREATE INDEX agenthook_archive_agent ON agenthook_archive (agent_id, created_ms, id, status);
  CREATE INDEX agenthook_archive_conversation ON agenthook_archive (conversation_id, created_ms, id)
    WHERE conversation_id IS NOT NULL;
  CREATE INDEX agenthook_archive_finished ON agenthook_archive (finished_ms);
  CREATE INDEX agenthook_archive_expires ON agenthook_archive (expires_ms) WHERE expires_ms IS NOT NULL;
  CREATE INDEX agenthook_archive_keys ON agenthook_archive USING gin (key_hashes);
  CREATE TABLE agenthook_archive_files (
    task_id text COLLATE "C" REFERENCES agenthook_archive ON DELETE CASCADE,
    number integer,
    content bytea NOT NULL,
    PRIMARY KEY (task_id, number)
  );
  ALTER TABLE agenthook_archive_files ALTER COLUMN content SET STORAGE EXTERNAL`,
];

/** Throws if a newer version of AgentHook has migrated the tables. Writes nothing. */
export async function checkVersion(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('agenthook_archive_version') AS found",
  );
  if (rows[0]?.found) knownVersion(await readVersion(client));
}

const readVersion = async (client: PoolClient): Promise<number | undefined> =>
  (await client.query<{ version: number }>('SELECT version FROM agenthook_archive_version')).rows[0]?.version;

function knownVersion(version = 0): number {
  if (version <= STEPS.length) return version;
  throw new Error(
    `the archive has version ${version}, and this process knows ${STEPS.length}: a newer AgentHook uses it`,
  );
}

/**
 * Makes the tables of the archive, or migrates them, in one transaction. Throws if a newer version of
 * AgentHook has migrated them.
 */
export async function migrate(client: PoolClient): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS agenthook_archive_version (version integer NOT NULL, turn bigint NOT NULL)',
    );
    const stored = await readVersion(client);
    const version = knownVersion(stored);
    for (const step of STEPS.slice(version)) await client.query(step);
    if (stored === undefined)
      await client.query('INSERT INTO agenthook_archive_version VALUES ($1, 0)', [STEPS.length]);
    else await client.query('UPDATE agenthook_archive_version SET version = $1', [STEPS.length]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
