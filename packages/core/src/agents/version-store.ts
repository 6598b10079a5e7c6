import type { AgentVersion, AgentVersionSummary } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { pageVersionsScript } from './page-versions.script.js';
import { readVersionToRunScript } from './read-version-to-run.script.js';

/** A version in its hash; what was stored before `saved_by` was kept lacks it. */
export type StoredVersion = Omit<AgentVersion, 'saved_by'> & { saved_by?: string | null };

/** What is stored of a version for lists. */
export type VersionRow = Pick<AgentVersionSummary, 'created_at' | 'saved_by' | 'changed'>;

/** How much of a version is looked at where it has no row: its first members are those that a row has. */
const HEAD_BYTES = 1_000;

/** Versions of an agent before one (undefined: all), newest first, without what they say; empty when there is no agent. */
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
    ...(row === null ? rowOfHead(head ?? '') : (JSON.parse(row) as VersionRow)),
    bytes,
  }));
}

/** What a version from before there were rows says of itself, read from its first members. */
function rowOfHead(head: string): VersionRow {
  const [, created_at = '', by = 'null'] =
    /^\{"version":\d+,"created_at":"([^"]*)"(?:,"saved_by":("(?:[^"\\]|\\.)*"|null))?/.exec(head) ?? [];
  return { created_at, saved_by: JSON.parse(by) as string | null, changed: null };
}

/** One immutable version, its secrets encrypted; undefined when there is none, also once the agent was deleted. */
export async function readVersion(
  ctx: Context,
  id: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const json = await ctx.redis.hget(keys.agentVersions(id), String(version));
  return json === null ? undefined : (JSON.parse(json) as StoredVersion);
}

/**
 * The version that a task runs: the one it names. That is kept while the task is open; only where so much was saved while
 * the event was on its way that it was dropped before the task was stored, the next one is run, which was there by then.
 */
export async function readVersionToRun(
  ctx: Context,
  id: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const json = await readVersionToRunScript(ctx.redis, { versions: keys.agentVersions(id) }, { version });
  return json === null ? undefined : (JSON.parse(json) as StoredVersion);
}
