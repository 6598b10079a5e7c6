import type { Agent, AgentConfig, AgentInput, AgentPatch } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { checkConfig, configFromInput, configWithPatch } from './agent-config.js';
import { getAgent } from './get-agent.js';
import { saveVersion } from './store.js';

/** How often a change without a condition is tried when others save at the same time. */
const TRIES = 5;

async function update(
  ctx: Context,
  id: string,
  ifVersion: number | undefined,
  change: (agent: Agent) => AgentConfig,
): Promise<Agent> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const agent = await getAgent(ctx, id);
    if (ifVersion !== undefined && agent.version !== ifVersion) {
      throw new AppError(
        'version_conflict',
        `The agent is at version ${agent.version}, not ${ifVersion}. Read it again and repeat the change.`,
      );
    }
    const config = change(agent);
    checkConfig(config);
    if (await saveVersion(ctx, id, agent.version, config, Date.parse(agent.created_at)))
      return await getAgent(ctx, id);
  }
  throw new AppError('version_conflict', 'The agent is being changed by others at the same time. Try again.');
}

/**
 * Replaces an agent's configuration by a new version. `ifVersion` (If-Match) guards against lost updates.
 * Throws `unknown_agent`, `version_conflict`, `unknown_model`, `invalid_template`.
 */
export const replaceAgent = (
  ctx: Context,
  id: string,
  input: AgentInput,
  defaultModel: string,
  ifVersion?: number,
): Promise<Agent> => update(ctx, id, ifVersion, () => configFromInput(input, defaultModel));

/** Changes some fields of an agent in a new version. Throws as replaceAgent does. */
export const patchAgent = (ctx: Context, id: string, patch: AgentPatch, ifVersion?: number): Promise<Agent> =>
  update(ctx, id, ifVersion, (agent) => configWithPatch(configOf(agent), patch));

/** The versioned part of an agent. */
function configOf(agent: Agent): AgentConfig {
  const {
    id: _id,
    version: _version,
    created_at: _created,
    updated_at: _updated,
    webhook: _webhook,
    ...config
  } = agent;
  return config;
}
