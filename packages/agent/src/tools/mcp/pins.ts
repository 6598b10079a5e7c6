import type { HeldTool, McpTool, McpToolDefinition } from '@agenthook/contracts';
import { cut } from '../cut.js';
import type { ToolEnvironment } from '../tool.js';

/** How many tools a note names, and how many characters of each name. */
const NAMED = 10;
const LONGEST_NAME = 100;

/**
 * The tools of an MCP server that may be offered: those that match their pins. The first run pins them.
 * Held-back tools are noted in the run; the model does not see the note.
 */
export async function offered<T extends McpToolDefinition>(
  config: McpTool,
  tools: T[],
  { pins, note }: Pick<ToolEnvironment, 'pins' | 'note'>,
): Promise<T[]> {
  if (config.pin === false) return tools;
  const definitions = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
  const held = await pins.check(config, definitions);
  if (held.length === 0) return tools;
  await note(describe(config, held));
  const names = new Set(held.map(({ name }) => name));
  return tools.filter(({ name }) => !names.has(name));
}

function describe({ name }: McpTool, held: HeldTool[]): string {
  const listed = held.slice(0, NAMED).map((tool) => `${cut(tool.name, LONGEST_NAME)} (${tool.change})`);
  const others = held.length > NAMED ? ` and ${held.length - NAMED} others` : '';
  return (
    `Not offered to the model: ${listed.join(', ')}${others} of the MCP tool "${name}". They differ ` +
    "from the pinned tools; an administrator can compare and accept them on the agent's page."
  );
}
