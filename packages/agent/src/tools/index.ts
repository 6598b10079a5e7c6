import type { ToolConfig, ToolType } from '@agenthook/contracts';
import { EgressError } from '@agenthook/egress';
import { createSecretFilter } from '../without-secrets.js';
import { type OpenedTools, type OpenTool, type ToolEnvironment, ToolError, type ToolKind } from './tool.js';

export type ToolKinds = { [T in ToolType]?: ToolKind<T> };

/** Everything that a run needs of its environment to open tools; each gets its own secrets beside it. */
export type SharedEnvironment = Omit<ToolEnvironment, 'secrets'>;

/**
 * Opens all tools of an agent. Throws ToolError, naming the tool, where one can not be had (a server that does not
 * answer); those that were open are closed again.
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
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return { tools: withUniqueNames(opened.flatMap(({ tools }) => tools)), close };
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
