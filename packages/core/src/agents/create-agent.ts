import type { Agent, AgentInput } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { checkConfig, configFromInput } from './agent-config.js';
import { createAgentId } from './agent-id.js';
import { sealSecrets } from './agent-secrets.js';
import { getAgent } from './get-agent.js';
import { saveVersion } from './store.js';

/** Creates an agent at version 1, without a webhook. Throws `unknown_model`, `invalid_template`. */
export async function createAgent(ctx: Context, input: AgentInput, defaultModel: string): Promise<Agent> {
  const config = configFromInput(input, defaultModel);
  checkConfig(config);
  const id = createAgentId(ctx.now());
  await saveVersion(ctx, id, 0, sealSecrets(config, undefined, ctx.secrets, id), ctx.now());
  return await getAgent(ctx, id);
}
