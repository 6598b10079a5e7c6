import { type AgentWarning, MAX_MODEL_TOOLS, type McpTool } from '@agenthook/contracts';
import { cut } from '../cut.js';
import type { Definition } from './connect.js';
import type { BrokenTool } from './mend.js';

const LONGEST_NAME = 256; // characters; MCP asks for 128 at most
/** How many tools a note names. */
const NAMED = 10;

export interface Choice {
  chosen: Definition[];
  /** Names in `allowed_tools` that the server does not list. */
  missing: string[];
  /** How many tools are beyond the limit of a model. */
  surplus: number;
}

/** The tools of a server that `allowed_tools` selects, up to the number that a model accepts. */
export function choose({ allowed_tools }: McpTool, definitions: readonly Definition[]): Choice {
  const byName = new Map(
    definitions
      .filter(({ name }) => name.length <= LONGEST_NAME)
      .map((definition) => [definition.name, definition]),
  );
  const missing = (allowed_tools ?? []).filter((name) => !byName.has(name));
  const wanted = [...byName.values()].filter(
    ({ name }) => allowed_tools === undefined || allowed_tools.includes(name),
  );
  return {
    chosen: wanted.slice(0, MAX_MODEL_TOOLS),
    missing,
    surplus: Math.max(0, wanted.length - MAX_MODEL_TOOLS),
  };
}

/** The names in `allowed_tools` that the server does not list at all. */
export function missingTools(
  config: McpTool,
  { definitions, broken }: { definitions: readonly Definition[]; broken: readonly BrokenTool[] },
): AgentWarning[] {
  const { missing } = choose(config, definitions);
  const offered = definitions.map(({ name }) => cut(name, 100));
  return missing
    .filter((name) => !broken.some((tool) => tool.name === name))
    .map((name) => ({
      path: `/allowed_tools/${config.allowed_tools?.indexOf(name)}`,
      code: 'unknown_tool',
      detail: `The MCP server does not list the tool "${name}". It lists ${listed(offered) || 'none'}.`,
    }));
}

/** Notes in the run which tools of a server are not offered to the model, and why. */
export async function noteLeftOut(
  config: McpTool,
  broken: readonly BrokenTool[],
  { missing, surplus }: Choice,
  note: (text: string) => Promise<void>,
): Promise<void> {
  for (const text of leftOut(config, broken, missing, surplus)) await note(text);
}

/** What people are told about the tools of a server that are not offered. */
function leftOut(
  { name, allowed_tools }: McpTool,
  broken: readonly BrokenTool[],
  missing: readonly string[],
  surplus: number,
): string[] {
  const mcp = `of the MCP tool "${name}"`;
  const defects = broken
    .filter((each) => allowed_tools === undefined || allowed_tools.includes(each.name))
    .map((each) => `${cut(each.name, 100)} (${cut(each.problem, 200)})`);
  const gone = missing
    .filter((each) => !broken.some((tool) => tool.name === each))
    .map((each) => cut(each, 100));
  return [
    ...(defects.length > 0 ? [`Not offered to the model: ${listed(defects)} ${mcp}.`] : []),
    ...(gone.length > 0
      ? [`The server ${mcp} does not list ${listed(gone)}, which allowed_tools names.`]
      : []),
    ...(surplus > 0
      ? [
          `Not offered to the model: ${surplus} tools ${mcp} beyond the first ${MAX_MODEL_TOOLS}. Choose with allowed_tools.`,
        ]
      : []),
  ];
}

const listed = (items: readonly string[]) =>
  items.slice(0, NAMED).join(', ') + (items.length > NAMED ? ` and ${items.length - NAMED} others` : '');
