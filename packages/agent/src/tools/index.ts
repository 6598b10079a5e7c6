import type { ToolConfig, ToolType } from '@agenthook/contracts';
import { EgressError } from '@agenthook/egress';
import { final, VerdictError } from '../verdict.js';
import { createSecretFilter } from '../without-secrets.js';
import { type OpenedTools, type OpenTool, type ToolEnvironment, ToolError, type ToolKind } from './tool.js';

/** What the definitions of a run's tools may have together, in characters: each model call carries all of them. */
export const MOST_DEFINITIONS = 1024 * 1024;
/** More than any provider takes. */
const MOST_TOOLS = 512;

export type ToolKinds = { [T in ToolType]?: ToolKind<T> };

/** Everything that a run needs of its environment to open tools; each gets its own secrets beside it. */
export type SharedEnvironment = Omit<ToolEnvironment, 'secrets'>;

/**
 * Opens all tools of an agent. Throws ToolError, naming the tool, where one cannot be had (a server that does not answer),
 * and VerdictError `tool_failed` where their definitions are too large together; those that were open are closed again.
 */
export async function openTools(
  configs: readonly ToolConfig[],
  kinds: ToolKinds,
  env: SharedEnvironment,
  signal: AbortSignal,
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
  return { tools: withUniqueNames(tools), close };
}

/** What is thrown where there are too many tools to be offered to a model, or too large ones; undefined otherwise. */
function excessOf(tools: OpenTool[]): VerdictError | undefined {
  const advice = 'Choose fewer tools, with allowed_tools or operations.';
  if (tools.length > MOST_TOOLS) {
    const message = `The agent has ${tools.length} tools; ${MOST_TOOLS} may be offered to a model. ${advice}`;
    return new VerdictError(final('tool_failed', message));
  }
  let characters = 0;
  for (const { description, parameters } of tools) {
    characters += description.length + JSON.stringify(parameters).length;
  }
  if (characters <= MOST_DEFINITIONS) return undefined;
  const message =
    `The definitions of the agent's ${tools.length} tools have ${characters} characters together; ` +
    `${MOST_DEFINITIONS} may be sent to a model. ${advice}`;
  return new VerdictError(final('tool_failed', message));
}

async function openOne(config: ToolConfig, kinds: ToolKinds, env: SharedEnvironment, signal: AbortSignal) {
  const kind = kinds[config.type] as ToolKind<ToolType> | undefined;
  if (!kind) throw new ToolError(`There is no tool of the type ${config.type}.`);
  const secrets = Object.fromEntries(
    Object.entries(config.secrets ?? {}).filter((entry): entry is [string, string] => entry[1] !== true),
  );
  try {
    return await kind.open(config, { ...env, secrets }, { signal });
  } catch (error) {
    const clean = createSecretFilter(Object.values(secrets));
    if (!(error instanceof ToolError || error instanceof EgressError)) throw error;
    throw new ToolError(`The tool "${config.name}" could not be opened: ${clean(error.message)}`);
  }
}

/** Two servers may call their tools alike: the later ones get a number. */
function withUniqueNames(tools: OpenTool[]): OpenTool[] {
  const names = new Set<string>();
  return tools.map((opened) => {
    let name = opened.name;
    for (let n = 2; names.has(name); n++) name = `${opened.name.slice(0, 60)}_${n}`;
    names.add(name);
    return { ...opened, name };
  });
}
