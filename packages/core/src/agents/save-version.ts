import {
  type Agent,
  type AgentConfig,
  type AgentVersion,
  iso,
  MAX_AGENT_BYTES,
  MAX_VERSION_BYTES,
  MAX_VERSIONS,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { readPauses } from './agent-pause.js';
import { type CallbackChange, withMadeSecret } from './change-callback.js';
import { makeGate } from './make-gate.js';
import { agentOf, type CurrentVersion } from './read-agent.js';
import { saveVersionScript } from './save-version.script.js';
import type { ScheduleChange } from './schedules/schedule-store.js';
import { summaryOf } from './stored/agent-summary.js';
import type { VersionRow } from './version-store.js';

/** Maximum number of versions that are kept for open tasks. */
const MAX_HELD_VERSIONS = 1_000;

/**
 * Saves `config`, with encrypted secrets, as version `expectedVersion + 1` of an agent; 0 creates the agent.
 * Returns the agent as it was written, or undefined, and writes nothing, if it is at another version or one
 * of its schedules has moved on. Throws `agent_too_large`, `too_many_versions`.
 *
 * @param saved.createdMs when the agent was created
 * @param saved.by the name of the caller
 * @param saved.changed the fields that differ from the previous version; null for the first
 * @param saved.schedules what the save does to the agent's schedules
 */
export async function saveVersion(
  ctx: Context,
  id: string,
  expectedVersion: number,
  config: AgentConfig,
  saved: { createdMs: number; by: string | null; changed: string[] | null; schedules: ScheduleChange[] },
  callback: CallbackChange,
): Promise<Agent | undefined> {
  const version = expectedVersion + 1;
  const now = ctx.now();
  const times = { created_ms: saved.createdMs, updated_ms: now, saved_by: saved.by };
  const current: CurrentVersion = { config, ...times };
  const gate = makeGate(config, version);
  const snapshot: AgentVersion = { version, created_at: iso(now), saved_by: saved.by, ...config };
  const json = JSON.stringify(snapshot);
  const row: VersionRow = { created_at: snapshot.created_at, saved_by: saved.by, changed: saved.changed };
  checkSize(json);
  const shard = shardOfAgent(id, ctx.queues.length);
  const held = expectedVersion === 0 ? [] : await ctx.redis.hkeys(keys.openVersions(shard, id));
  const [outcome, ...fields] = await saveVersionScript(
    ctx.redis,
    {
      agent: keys.agent(id),
      versions: keys.agentVersions(id),
      agents: keys.agents,
      rows: keys.agentVersionRows(id),
      schedules: keys.agentSchedules(id),
      due: keys.schedules,
      budgeted: keys.budgetedAgents,
      spend: keys.agentSpend(id),
      retentionChanges: keys.retentionChanges,
    },
    {
      id,
      expected: expectedVersion,
      version,
      current: JSON.stringify(current),
      gate: luaJson(gate),
      snapshot: json,
      row: JSON.stringify(row),
      url: config.callback?.url ?? '',
      secrets: callback.secrets,
      replaces: callback.replaces,
      named: callback.named,
      most: MAX_VERSIONS,
      mostBytes: MAX_VERSION_BYTES,
      mostHeld: MAX_HELD_VERSIONS,
      hasBudget: Boolean(config.budget),
      changes: saved.schedules.length > 0 ? JSON.stringify(saved.schedules) : '',
      summary: JSON.stringify(summaryOf(config, { version, ...times })),
      days: config.retention?.days ?? '',
      held,
    },
  );
  if (outcome === 0) return undefined;
  if (outcome === 3) throw new AppError('too_many_versions');
  const hash: Record<string, string> = {};
  for (let n = 0; n < fields.length; n += 2) hash[fields[n] ?? ''] = fields[n + 1] ?? '';
  const [paused = null] = await readPauses(ctx, [id]);
  const agent = await agentOf(ctx, id, hash, paused);
  if (!agent) throw unknownAgent(id);
  return outcome === 2 ? withMadeSecret(agent, callback) : agent;
}

/** Throws `agent_too_large`. */
export function checkSize(json: string): void {
  if (Buffer.byteLength(json) <= MAX_AGENT_BYTES) return;
  throw new AppError(
    'agent_too_large',
    `An agent may have ${MAX_AGENT_BYTES / 1024} KiB of JSON as a whole. Put long texts into documents.`,
  );
}
