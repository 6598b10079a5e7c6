import { MAX_OPEN_ALERTS } from '@agenthook/contracts';
import { AGENT } from '../../agents/agent-hash.js';
import { keys } from '../../redis/keys.js';
import type { Condition, Pass } from './condition.js';
import { SCANNED, scanNext } from './scan.js';
import { nameOf } from './subject-name.js';

/** A callback was disabled, until somebody enables it. The subject is the agent. */
export const callbackDisabled: Condition<'callback_disabled'> = {
  read: async (pass, { agent_id }, open) => {
    const { ctx } = pass;
    const agents = agent_id === null ? await candidates(pass, open) : [agent_id];
    const batch = ctx.redis.pipeline();
    for (const id of agents) batch.hget(keys.agent(id), AGENT.callbackDisabled);
    const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
      if (error) throw error;
      return row as string | null;
    });
    const disabled = agents.filter((_, n) => rows[n]);
    const enabled = agents.filter((_, n) => !rows[n]);
    if (agent_id === null && enabled.length > 0) await ctx.redis.srem(keys.disabledCallbacks, ...enabled);
    return {
      firing: disabled.map((agentId) => ({
        subject: agentId,
        agentId,
        text: async () =>
          `${await nameOf(ctx, agentId)}: its callback was disabled, because its receiver failed.`,
      })),
      over: enabled.filter((agentId) => open.includes(agentId)),
    };
  },
};

/** Agents with an open alert, and the next part of those whose callback was disabled once. */
async function candidates(pass: Pass, open: readonly string[]): Promise<string[]> {
  const { redis } = pass.ctx;
  const some = await scanNext(pass, 'disabled', (cursor) =>
    redis.sscan(keys.disabledCallbacks, cursor, 'COUNT', SCANNED),
  );
  const others = some.filter((id) => !open.includes(id));
  return [...open, ...others.slice(0, Math.max(0, MAX_OPEN_ALERTS - open.length))];
}
