import { type AgentVersion, type AgentVersionSummary, iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { objectOf } from '../redis/stored-row.js';
import { pageVersionsScript } from './page-versions.script.js';
import { readVersionToRunScript } from './read-version-to-run.script.js';
import { parseStored } from './stored/stored-config.js';

/** Completes a stored version. */
function versionOf(json: string, version: number): AgentVersion {
  const { config, problem, stored = {} } = parseStored(json);
  const { version: own, created_at, saved_by } = stored as Partial<AgentVersion>;
  return {
    ...config,
    version: own ?? version,
    created_at: created_at ?? iso(0),
    // Versions that were stored before this field existed do not have it.
    saved_by: saved_by ?? null,
    ...(problem && { problem }),
  };
}

/** What is stored of a version for lists. */
export type VersionRow = Pick<AgentVersionSummary, 'created_at' | 'saved_by' | 'changed'>;

/** How much of a version without a row is read, in bytes. A version begins with the fields of its row. */
const HEAD_BYTES = 1_000;

/**
 * Summaries of an agent's versions before `before` (undefined: all), newest first; empty for an unknown
 * agent.
 */
export async function readVersionRows(
  ctx: Context,
  id: string,
  limit: number,
  before: number | undefined,
): Promise<AgentVersionSummary[]> {
  const page = await pageVersionsScript(
    ctx.redis,
    { versions: keys.agentVersions(id), rows: keys.agentVersionRows(id) },
    { before: before ?? 0, limit, headBytes: HEAD_BYTES },
  );
  return page.map(([version, bytes, row, head]) => ({
    version: Number(version),
    ...((objectOf(row) as VersionRow | undefined) ?? rowOfHead(head ?? '')),
    bytes,
  }));
}

/** The row of a version that was stored before rows existed, parsed from the version's first fields. */
function rowOfHead(head: string): VersionRow {
  const [, created_at = iso(0), by = 'null'] =
    /^\{"version":\d+,"created_at":"([^"]*)"(?:,"saved_by":("(?:[^"\\]|\\.)*"|null))?/.exec(head) ?? [];
  return { created_at, saved_by: JSON.parse(by) as string | null, changed: null };
}

/** One immutable version with encrypted secrets; undefined if it does not exist or the agent was deleted. */
export async function readVersion(
  ctx: Context,
  id: string,
  version: number,
): Promise<AgentVersion | undefined> {
  const json = await ctx.redis.hget(keys.agentVersions(id), String(version));
  return json === null ? undefined : versionOf(json, version);
}

/**
 * The version that a task runs: the one it names, which is kept while the task is open. If many saves dropped
 * that version before the task was stored, the next one is used.
 */
export async function readVersionToRun(
  ctx: Context,
  id: string,
  version: number,
): Promise<AgentVersion | undefined> {
  const json = await readVersionToRunScript(ctx.redis, { versions: keys.agentVersions(id) }, { version });
  return json === null ? undefined : versionOf(json, version);
}
