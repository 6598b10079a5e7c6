import type { AgentConfig, Schedule } from '@agenthook/contracts';
import { readConfig } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';

/** A schedule of an agent's current version. Throws `unknown_agent`, `unknown_schedule`. */
export async function findSchedule(
  ctx: Context,
  agentId: string,
  scheduleId: string,
): Promise<{ schedule: Schedule; config: AgentConfig }> {
  const agent = await readConfig(ctx, agentId);
  if (!agent) throw unknownAgent(agentId);
  const { config } = agent;
  const schedule = config.schedules?.find(({ id }) => id === scheduleId);
  if (!schedule)
    throw new AppError('unknown_schedule', `The agent ${agentId} has no schedule "${scheduleId}".`);
  return { schedule, config };
}
