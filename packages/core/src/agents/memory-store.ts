import { iso, type MemoryPort, type Note, type NoteWriter } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';
import { removeNoteScript } from './remove-note.script.js';
import { saveNoteScript } from './save-note.script.js';

export const NOTE: RowKind<Omit<Note, 'key'>> = {
  name: 'note',
  fields: { text: 'string', updated_at: 'string' },
};

/** How many notes are read at once: a few hundred kB. */
const PAGE = 50;

/**
 * The notes of an agent, which are deleted with it. `writer` is the task that uses them. Writing throws
 * `unknown_agent` once the agent is deleted.
 */
export function memoryOf(ctx: Context, agentId: string, writer?: NoteWriter): MemoryPort {
  const redisKeys = { notes: keys.agentNotes(agentId), order: keys.agentNoteOrder(agentId) };
  return {
    async *list() {
      const names = await ctx.redis.zrevrange(keys.agentNoteOrder(agentId), 0, -1);
      for (let from = 0; from < names.length; from += PAGE) {
        const page = names.slice(from, from + PAGE);
        const stored = await ctx.redis.hmget(keys.agentNotes(agentId), ...page);
        yield page.flatMap((key, n): Note[] => {
          const json = stored[n];
          // Null if the note was removed meanwhile.
          const note = json ? readRow(ctx, NOTE, json, agentId) : undefined;
          return note ? [{ key, ...note }] : [];
        });
      }
    },
    async save(key, text, maxNotes) {
      const note: Omit<Note, 'key'> = {
        text,
        updated_at: iso(ctx.now()),
        ...(writer && { written_by: writer }),
      };
      const saved = await saveNoteScript(
        ctx.redis,
        { agent: keys.agent(agentId), ...redisKeys },
        { key, note: JSON.stringify(note), most: maxNotes },
      );
      if (saved === 0) throw unknownAgent(agentId);
    },
    async remove(key) {
      return (await removeNoteScript(ctx.redis, redisKeys, { key })) === 1;
    },
  };
}
