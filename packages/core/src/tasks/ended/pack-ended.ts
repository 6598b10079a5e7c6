import type { Context } from '../../context.js';
import type { JournalRow, TaskData } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { unpackText } from '../../redis/pack-text.js';
import { unlessSealed } from '../../sealing/seal.js';
import { openEventJson } from '../../sealing/sealed-event.js';
import { joinTexts } from './ended-texts.js';
import { readUnpackedScript } from './read-unpacked.script.js';
import { writePackedScript } from './write-packed.script.js';

/** How much is read and written by one command, in bytes; Redis does nothing else meanwhile. */
const MOST_BYTES = 2 * 1024 * 1024;
/**
 * The most that one text has, in bytes. Readers of a task's status or events decompress all of it. The
 * journal of a larger task stays a stream.
 */
const MOST_OF_TASK = 8 * 1024 * 1024;

/** Stores the texts of each ended task as one compressed text. A task that was packed already stays. */
export async function packEnded(ctx: Context, shard: number, taskIds: readonly string[]): Promise<void> {
  for (let ids = taskIds; ids.length > 0; ) {
    const [read, tasks] = await readUnpackedScript(
      ctx.redis,
      { jobs: ids.flatMap((id) => [keys.job(shard, id), keys.taskLog(shard, id)]) },
      { mostBytes: MOST_BYTES, mostOfTask: MOST_OF_TASK },
    );
    const all = await Promise.all(
      tasks
        .filter(([, , result]) => !result.includes('\0'))
        .map(async ([number, isSuccess, result, data, log]) => {
          const joined = await joinedTexts(ctx, { result, data, log }).catch(unlessSealed);
          if (joined === undefined) return [];
          const packed = await ctx.seal.keep(joined);
          return [{ id: ids[number] ?? '', isSuccess, packed, hasLog: log === null ? 0 : 1 }];
        }),
    );
    const packed = all.flat();
    if (packed.length > 0)
      await writePackedScript(
        ctx.redis,
        { stored: packed.flatMap(({ id }) => [keys.job(shard, id), keys.taskLog(shard, id)]) },
        { tasks: packed },
      );
    ids = ids.slice(read);
  }
}

async function joinedTexts(
  ctx: Context,
  { result, data, log }: { result: string; data: string; log: readonly JournalRow[] | null },
): Promise<string> {
  return joinTexts({
    result: await ctx.seal.read(result),
    data: await unpackData(ctx, data),
    ...(log && { log: await openRows(ctx, log) }),
  });
}

/** A job's data whose payload is not compressed on its own. */
async function unpackData(ctx: Context, json: string): Promise<string> {
  if (!json.includes('"payload_json":"z')) return await openEventJson(ctx, json);
  const data = JSON.parse(json) as TaskData;
  // A payload may hold that text, too.
  if (data.payload_json === undefined) return json;
  return JSON.stringify({ ...data, payload_json: await unpackText(data.payload_json) });
}

const openRows = (ctx: Context, rows: readonly JournalRow[]): Promise<JournalRow[]> =>
  Promise.all(rows.map(async ([id, json]): Promise<JournalRow> => [id, await ctx.seal.read(json)]));
