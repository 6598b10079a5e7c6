import type { AgentConfig, AgentVersion } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { VersionCache } from '../agents/version-cache.js';
import type { TaskData } from '../queue/job.js';
import { unpackText } from '../redis/pack-text.js';

/** A configuration with what a person changed for one task. */
export function withOverrides<Config extends AgentConfig>(
  config: Config,
  { limits, model }: NonNullable<TaskData['overrides']>,
): Config {
  return {
    ...config,
    ...(model !== undefined && { model }),
    ...(limits && { limits: { ...config.limits, ...limits } }),
  };
}

/** The draft that a task runs; undefined if it runs a saved version. */
export const draftOf = async ({
  draft_json,
}: Pick<TaskData, 'draft_json'>): Promise<AgentConfig | undefined> =>
  draft_json === undefined ? undefined : (parseJson(await unpackText(draft_json)) as AgentConfig);

/** A draft was checked when its test was sent, so it has no problem. */
export type ConfigToRun = AgentConfig & Partial<Pick<AgentVersion, 'problem'>>;

/** The configuration that a task runs with; undefined if its version is gone. */
export async function configOf(versions: VersionCache, data: TaskData): Promise<ConfigToRun | undefined> {
  const { agent_id, agent_version, draft_json, overrides } = data;
  const config = draft_json === undefined ? await versions(agent_id, agent_version) : await draftOf(data);
  return config && overrides ? withOverrides(config, overrides) : config;
}
