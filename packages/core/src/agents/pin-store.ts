import { createHash } from 'node:crypto';
import {
  type AgentConfig,
  type HeldTool,
  iso,
  type McpToolDefinition,
  type PinsPort,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { acceptToolsScript } from './accept-tools.script.js';
import { pinToolsScript } from './pin-tools.script.js';
import { seeToolsScript } from './see-tools.script.js';

/** The pin of one `mcp` tool. It is small, since every run reads it. */
export interface PinRecord {
  pinned_at: string;
  /** By the server's name for each tool. */
  hashes: Record<string, string>;
}

/** A list of tools that differs from the pin. */
export interface SeenList {
  seen_at: string;
  revision: string;
  definitions: McpToolDefinition[];
}

/** The field of a tool's pin among its agent's pins. Another URL is another server, with its own pin. */
export const pinField = ({ name, url }: { name: string; url: string }): string =>
  createHash('sha256').update(`${name}\n${url}`).digest('base64url').slice(0, 22);

/** The field of the revision of the differing list that was seen last. */
const seenField = (field: string): string => `${field}.seen`;

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

/** The hash of each tool, sorted by name, since a server may return its tools in any order. */
export const hashesOf = (definitions: readonly McpToolDefinition[]): PinRecord['hashes'] =>
  Object.fromEntries(
    definitions
      .map(({ name, description, parameters }) => [name, hashOf([name, description, parameters])] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const redisKeys = (agentId: string) => ({
  agent: keys.agent(agentId),
  pins: keys.agentPins(agentId),
  pinned: keys.agentPinnedTools(agentId),
  seen: keys.agentSeenTools(agentId),
});

/** An agent's pins, which its runs compare with the tools that servers offer. */
export function pinsOf(ctx: Context, agentId: string): PinsPort {
  return {
    async check(tool, offered) {
      const field = pinField(tool);
      const hashes = hashesOf(offered);
      const [pinned, seen] = await ctx.redis.hmget(keys.agentPins(agentId), field, seenField(field));
      const record = JSON.parse(pinned ?? (await pin(ctx, agentId, field, hashes, offered))) as PinRecord;
      const isPinned = JSON.stringify(record.hashes) === JSON.stringify(hashes);
      if (isPinned) {
        if (seen) await forgetSeen(ctx, agentId, field);
        return [];
      }
      const revision = hashOf(hashes);
      if (seen !== revision) await see(ctx, agentId, field, revision, offered);
      return heldBy(record, hashes);
    },
  };
}

/** The tools whose hash differs from the pin. */
function heldBy({ hashes: pinned }: PinRecord, hashes: PinRecord['hashes']): HeldTool[] {
  return Object.entries(hashes).flatMap(([name, hash]): HeldTool[] => {
    const known = Object.hasOwn(pinned, name) ? pinned[name] : undefined;
    return known === hash ? [] : [{ name, change: known === undefined ? 'new' : 'changed' }];
  });
}

const pin = (
  ctx: Context,
  agentId: string,
  field: string,
  hashes: PinRecord['hashes'],
  definitions: readonly McpToolDefinition[],
): Promise<string> => {
  const record: PinRecord = { pinned_at: iso(ctx.now()), hashes };
  const args = { field, pin: JSON.stringify(record), definitions: JSON.stringify(definitions) };
  return pinToolsScript(ctx.redis, redisKeys(agentId), args);
};

async function see(
  ctx: Context,
  agentId: string,
  field: string,
  revision: string,
  definitions: readonly McpToolDefinition[],
): Promise<void> {
  const list: SeenList = {
    seen_at: iso(ctx.now()),
    revision,
    definitions: [...definitions],
  };
  const args = { field, seenField: seenField(field), revision, list: JSON.stringify(list) };
  await seeToolsScript(ctx.redis, redisKeys(agentId), args);
}

async function forgetSeen(ctx: Context, agentId: string, field: string): Promise<void> {
  await ctx.redis.hdel(keys.agentPins(agentId), seenField(field));
  await ctx.redis.hdel(keys.agentSeenTools(agentId), field);
}

/** A stored pin; undefined before the first run. */
export async function readPin(
  ctx: Context,
  agentId: string,
  field: string,
): Promise<{ record: PinRecord; pinned: McpToolDefinition[]; seen: SeenList | undefined } | undefined> {
  const [record, pinned, seen] = await Promise.all([
    ctx.redis.hget(keys.agentPins(agentId), field),
    ctx.redis.hget(keys.agentPinnedTools(agentId), field),
    ctx.redis.hget(keys.agentSeenTools(agentId), field),
  ]);
  if (!record || !pinned) return undefined;
  return {
    record: JSON.parse(record) as PinRecord,
    pinned: parseJson(pinned) as McpToolDefinition[],
    seen: seen ? (parseJson(seen) as SeenList) : undefined,
  };
}

/** Pins a list that was seen. Returns false if another list was seen since. */
export async function acceptSeen(
  ctx: Context,
  agentId: string,
  field: string,
  { revision, definitions }: SeenList,
): Promise<boolean> {
  const record: PinRecord = {
    pinned_at: iso(ctx.now()),
    hashes: hashesOf(definitions),
  };
  const args = {
    field,
    seenField: seenField(field),
    revision,
    pin: JSON.stringify(record),
    definitions: JSON.stringify(definitions),
  };
  return (await acceptToolsScript(ctx.redis, redisKeys(agentId), args)) === 1;
}

/** The `mcp` tools of an agent whose definitions are pinned. */
export const pinnedToolsOf = ({ tools }: Pick<AgentConfig, 'tools'>) =>
  tools.flatMap((tool) => (tool.type === 'mcp' && tool.pin !== false ? [tool] : []));

/** Removes the pins of tools and URLs that the agent no longer has. */
export async function prunePins(ctx: Context, agentId: string, config: AgentConfig): Promise<void> {
  const kept = new Set(pinnedToolsOf(config).flatMap((tool) => [pinField(tool), seenField(pinField(tool))]));
  const stale = (await ctx.redis.hkeys(keys.agentPins(agentId))).filter((field) => !kept.has(field));
  if (stale.length === 0) return;
  const { pins, pinned, seen } = redisKeys(agentId);
  await Promise.all([pins, pinned, seen].map((key) => ctx.redis.hdel(key, ...stale)));
}
