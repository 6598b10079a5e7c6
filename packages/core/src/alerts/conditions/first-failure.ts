import { MAX_OPEN_ALERTS } from '@agenthook/contracts';
import { keys } from '../../redis/keys.js';
import type { Condition, Firing, Pass, Reading } from './condition.js';
import { SCANNED, scanNext } from './scan.js';
import { nameOf } from './subject-name.js';

/** A run failed after one that succeeded, until one succeeds again. The subject is the agent. */
export const firstFailure: Condition<'first_failure'> = {
  read: async (pass, { agent_id }, open) => {
    const entries = agent_id === null ? await someEntries(pass, open) : await entriesOf(pass, [agent_id]);
    const reading: { firing: Firing[]; over: string[] } & Reading = {
      firing: [],
      over: open.filter((agentId) => !entries.has(agentId)),
    };
    for (const [agentId, entry] of entries) {
      const [, taskId = '', code = '', recovered] = entry.split(' ');
      if (recovered !== undefined) {
        reading.over.push(agentId);
        pass.recovered.set(agentId, entry);
      }
      reading.firing.push({
        subject: agentId,
        agentId,
        taskId,
        text: async () => `${await nameOf(pass.ctx, agentId)} failed: ${code}.`,
      });
    }
    return reading;
  },
};

/** The entries of agents, by agent. */
async function entriesOf({ ctx }: Pass, agentIds: readonly string[]): Promise<Map<string, string>> {
  if (agentIds.length === 0) return new Map();
  const found = await ctx.redis.hmget(keys.failing, ...agentIds);
  return new Map(agentIds.flatMap((id, n) => (found[n] ? [[id, found[n]] as const] : [])));
}

/** Those of agents with an open alert, and the next part of all others. */
async function someEntries(pass: Pass, open: readonly string[]): Promise<Map<string, string>> {
  const { redis } = pass.ctx;
  const pairs = await scanNext(pass, 'failing', (cursor) =>
    redis.hscan(keys.failing, cursor, 'COUNT', SCANNED),
  );
  const others = pairs.filter((_, n) => n % 2 === 0 && !open.includes(pairs[n] ?? ''));
  const room = Math.max(0, MAX_OPEN_ALERTS - open.length);
  return await entriesOf(pass, [...open, ...others.slice(0, room)]);
}
