import type { Agent, AgentInput } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { checkConfig, configFromInput } from './agent-config.js';
import { createAgentId } from './agent-id.js';
import { sealSecrets } from './agent-secrets.js';
import { changeCallback, checkCallback } from './change-callback.js';
import { saveVersion } from './save-version.js';
import { changesOfSchedules } from './schedules/schedule-store.js';

/**
 * Creates an agent at version 1, without a webhook. `savedBy` is the caller's name. If a callback secret is
 * generated, only this result shows it. Throws `agent_too_large`, and what checkConfig throws.
 */
export async function createAgent(
  ctx: Context,
  input: AgentInput,
  defaultModel: string,
  savedBy: string | null = null,
): Promise<Agent> {
  const config = configFromInput(input, defaultModel);
  checkCallback(input.callback);
  const createdMs = ctx.now();
  const id = createAgentId(createdMs);
  await checkConfig(ctx, id, config, undefined, createdMs);
  const callback = changeCallback(ctx, id, input.callback);
  const sealed = sealSecrets(config, undefined, ctx.secrets, id);
  const schedules = await changesOfSchedules(ctx, id, config, undefined, createdMs);
  const saving = { createdMs, by: savedBy, changed: null, schedules };
  const created = await saveVersion(ctx, id, 0, sealed, saving, callback);
  if (!created) throw new Error('a new agent id is in use');
  return created;
}
