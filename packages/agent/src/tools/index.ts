import { MAX_MODEL_TOOLS, type ToolConfig, type ToolType } from '@agenthook/contracts';
import { EgressError } from '@agenthook/egress';
import { READ_MORE } from '../context/read-more.js';
import { final, VerdictError } from '../verdict.js';
import { createSecretFilter } from '../without-secrets.js';
import {
  type OpenedTools,
  type OpenTool,
  originOf,
  type ToolEnvironment,
  ToolError,
  type ToolKind,
} from './tool.js';
import { distinctName } from './tool-names.js';

/**
 * How many characters the definitions of a run's tools may have together. Each model call sends all of them.
 */
export const MOST_DEFINITIONS = 1024 * 1024;

export type ToolKinds = { [T in ToolType]?: ToolKind<T> };

/** What a run provides for opening tools. Each tool also gets its own secrets. */
export type SharedEnvironment = Omit<ToolEnvironment, 'secrets'>;

/**
 * Opens all tools of an agent. `known` has the names that remote tools have in this run, by origin; they keep
 * them. Throws ToolError with the tool's name if one fails (for example a server that does not answer), and
 * VerdictError `tool_failed` if their definitions are too large together. Tools opened before are closed
 * again.
 */
export async function openTools(
  configs: readonly ToolConfig[],
  kinds: ToolKinds,
  env: SharedEnvironment,
  signal: AbortSignal,
  known: ReadonlyMap<string, string> = new Map(),
): Promise<OpenedTools> {
  const results = await Promise.allSettled(configs.map((config) => openOne(config, kinds, env, signal)));
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async () => {
    await Promise.allSettled(opened.map((tools) => tools.close?.()));
  };
  const tools = opened.flatMap((each) => each.tools);
  const failed = results.find((result) => result.status === 'rejected');
  const problem = failed ? failed.reason : excessOf(tools);
  if (problem !== undefined) {
    await close();
    throw problem;
  }
  return { tools: withUniqueNames(tools, known), close };
}

/**
 * The error if there are too many tools for a model, or their definitions are too large; otherwise undefined.
 */
function excessOf(tools: OpenTool[]): VerdictError | undefined {
  const advice = 'Choose fewer tools, with allowed_tools or operations.';
  if (tools.length > MAX_MODEL_TOOLS) {
    const message = `The agent has ${tools.length} tools; the limit for a model is ${MAX_MODEL_TOOLS}. ${advice}`;
    return new VerdictError(final('tool_failed', message));
  }
  let characters = 0;
  for (const { description, parameters } of tools) {
    characters += description.length + JSON.stringify(parameters).length;
  }
  if (characters <= MOST_DEFINITIONS) return undefined;
  const message =
    `The definitions of the agent's ${tools.length} tools have ${characters} characters together; the ` +
    `limit for a model is ${MOST_DEFINITIONS}. ${advice}`;
  return new VerdictError(final('tool_failed', message));
}

/** The kind of a tool, and its secrets. Throws ToolError for an unknown one. */
export function kindAndSecrets(config: ToolConfig, kinds: ToolKinds) {
  const kind = kinds[config.type] as ToolKind<ToolType> | undefined;
  if (!kind) throw new ToolError(`Tools of type ${config.type} do not exist.`);
  const entries = Object.entries(config.secrets ?? {});
  const secrets = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== true));
  return { kind, secrets };
}

async function openOne(config: ToolConfig, kinds: ToolKinds, env: SharedEnvironment, signal: AbortSignal) {
  const { kind, secrets } = kindAndSecrets(config, kinds);
  const clean = createSecretFilter(Object.values(secrets));
  try {
    const { tools, close } = await kind.open(config, { ...env, secrets }, { signal });
    return { tools: tools.map((opened) => ({ ...opened, config })), ...(close && { close }) };
  } catch (error) {
    if (!(error instanceof ToolError || error instanceof EgressError) || signal.aborted) throw error;
    const message = `The tool "${config.name}" could not be opened: ${clean(error.message)}`;
    if (!('optional' in config) || config.optional !== true) throw new ToolError(message);
    await env.note(`${message} It is optional, so this attempt goes on without it.`);
    return { tools: [] };
  }
}

/**
 * Two servers may use the same tool name; later ones get a number. What the agent's version defines is named
 * first, so that its names never depend on what servers offer today.
 */
function withUniqueNames(tools: OpenTool[], known: ReadonlyMap<string, string>): OpenTool[] {
  const taken = new Set([...known.values(), READ_MORE]);
  const names = new Map<OpenTool, string>();
  const nameOf = (opened: OpenTool) => known.get(originOf(opened) ?? '') ?? distinctName(opened.name, taken);
  for (const opened of tools) if (opened.remote === undefined) names.set(opened, nameOf(opened));
  return tools.map((opened) => ({ ...opened, name: names.get(opened) ?? nameOf(opened) }));
}
