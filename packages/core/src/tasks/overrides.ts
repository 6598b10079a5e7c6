import type { AgentConfig } from '@agenthook/contracts';
import type { TaskData } from '../queue/job.js';

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

/** The configuration that a task runs with; undefined if its version is gone. */
export const configOf = <Config extends AgentConfig>(
  config: Config | undefined,
  { overrides }: Pick<TaskData, 'overrides'>,
): Config | undefined => (config && overrides ? withOverrides(config, overrides) : config);
