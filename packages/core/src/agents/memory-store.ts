import { iso, type MemoryPort, type Note, type NoteWriter } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { AGENT } from './agent-hash.js';

/**
 * Writes the note ARGV[1] and drops the oldest beyond ARGV[3]. A counter orders them, since two may be written in one
 * millisecond. Returns 0, and writes nothing, without an agent: a task may outlive it.
 */
const saveScript = defineScript<0 | 1>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[1], '${AGENT.notesWritten}', 1), ARGV[1])
local beyond = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[3])
if beyond > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[3], 0, beyond - 1)) do redis.call('HDEL', KEYS[2], key) end
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, beyond - 1)
end
return 1`);

/** How many notes are read at once: a few hundred kB. */
const PAGE = 50;

const removeScript = defineScript<0 | 1>(`
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])`);

/**
 * The notes of an agent, which go with it; `writer` is the task that works with them. Writing throws `unknown_agent` once
 * there is no agent.
 */
export function memoryOf(ctx: Context, agentId: string, writer?: NoteWriter): MemoryPort {
  const notes = [keys.agentNotes(agentId), keys.agentNoteOrder(agentId)];
  return {
    async *list() {
      const names = await ctx.redis.zrevrange(keys.agentNoteOrder(agentId), 0, -1);
      for (let from = 0; from < names.length; from += PAGE) {
        const page = names.slice(from, from + PAGE);
        const stored = await ctx.redis.hmget(keys.agentNotes(agentId), ...page);
        yield page.flatMap((key, n): Note[] => {
          const json = stored[n];
          // Null where it was forgotten meanwhile.
          return json ? [{ key, ...(JSON.parse(json) as Omit<Note, 'key'>) }] : [];
        });
      }
    },
    async save(key, text, maxNotes) {
      const note: Omit<Note, 'key'> = {
        text,
        updated_at: iso(ctx.now()),
        ...(writer && { written_by: writer }),
      };
      const redisKeys = [keys.agent(agentId), ...notes];
      const saved = await saveScript(ctx.redis, redisKeys, [key, JSON.stringify(note), maxNotes]);
      if (saved === 0) throw unknownAgent(agentId);
    },
    async remove(key) {
      return (await removeScript(ctx.redis, notes, [key])) === 1;
    },
  };
}
