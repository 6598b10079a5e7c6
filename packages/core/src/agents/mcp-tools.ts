import type { McpPins, McpToolDefinition, PinnedServer, PinnedTool } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { acceptSeen, hashesOf, pinField, pinnedToolsOf, readPin } from './pin-store.js';
import { readConfig } from './read-agent.js';

type McpTool = ReturnType<typeof pinnedToolsOf>[number];

/** The pins of an agent's MCP servers, and how the servers differ from them. Throws `unknown_agent`. */
export async function listMcpTools(ctx: Context, agentId: string): Promise<McpPins> {
  const stored = await readConfig(ctx, agentId);
  if (!stored) throw unknownAgent(agentId);
  const servers = pinnedToolsOf(stored.config).map((tool) => pinnedServer(ctx, agentId, tool));
  return { servers: await Promise.all(servers) };
}

async function pinnedServer(ctx: Context, agentId: string, tool: McpTool): Promise<PinnedServer> {
  const { name, url } = tool;
  const pin = await readPin(ctx, agentId, pinField(tool));
  if (!pin) return { tool: name, url, pinned_at: null, seen_at: null, revision: null, tools: [] };
  return {
    tool: name,
    url,
    pinned_at: pin.record.pinned_at,
    seen_at: pin.seen?.seen_at ?? null,
    revision: pin.seen?.revision ?? null,
    tools: compared(pin.pinned, pin.seen?.definitions ?? pin.pinned),
  };
}

/** Merges both lists in the order of the current one. Tools that are gone come last. */
function compared(pinned: McpToolDefinition[], current: McpToolDefinition[]): PinnedTool[] {
  const before = new Map(pinned.map((definition) => [definition.name, definition]));
  const hashes = { pinned: new Map(Object.entries(hashesOf(pinned))), current: hashesOf(current) };
  const tools = current.map((definition): PinnedTool => {
    const { name } = definition;
    const known = before.get(name);
    before.delete(name);
    const isSame = hashes.pinned.get(name) === hashes.current[name];
    const state = known === undefined ? 'new' : isSame ? 'pinned' : 'changed';
    return { name, state, pinned: known ?? null, current: definition };
  });
  const gone = [...before.values()].map(
    (definition): PinnedTool => ({
      name: definition.name,
      state: 'gone',
      pinned: definition,
      current: null,
    }),
  );
  return [...tools, ...gone];
}

/**
 * Accepts the list that an MCP server returned last, if it still has the given revision. Its tools are
 * offered from the next run on. Throws `unknown_agent`, `invalid_request` for a tool that is not pinned,
 * `version_conflict` if the revision has changed or none is waiting.
 */
export async function acceptMcpTools(
  ctx: Context,
  agentId: string,
  accepted: { tool: string; revision: string },
): Promise<McpPins> {
  const stored = await readConfig(ctx, agentId);
  if (!stored) throw unknownAgent(agentId);
  const tool = pinnedToolsOf(stored.config).find(({ name }) => name === accepted.tool);
  if (!tool) {
    throw new AppError(
      'invalid_request',
      `The agent has no tool "${accepted.tool}" of the type mcp that is pinned.`,
      {
        issues: [{ path: '/tool', message: 'is no pinned MCP tool of the agent' }],
      },
    );
  }
  const field = pinField(tool);
  const seen = (await readPin(ctx, agentId, field))?.seen;
  if (seen?.revision !== accepted.revision || !(await acceptSeen(ctx, agentId, field, seen))) {
    throw new AppError(
      'version_conflict',
      `What the server of "${tool.name}" says is not of that revision any more. Read it again, then accept it.`,
    );
  }
  return await listMcpTools(ctx, agentId);
}
