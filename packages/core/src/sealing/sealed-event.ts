import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';

/** Larger payloads and events are compressed, in characters of JSON. */
export const LARGE_EVENT = 64 * 1024;

/** What of a job's data comes from outside. */
export type EventParts = Pick<TaskData, 'headers' | 'query' | 'note' | 'payload' | 'payload_json'>;

/** A job's data as it is stored if sealing is on: the event is one sealed text. */
export const sealEvent = async (
  ctx: Pick<Context, 'seal'>,
  rest: Omit<TaskData, keyof EventParts>,
  eventJson: string,
): Promise<string> =>
  JSON.stringify({ ...rest, headers: {}, sealed: await ctx.seal.keep(eventJson, LARGE_EVENT) });

/** A job's data with its event opened. Throws `texts_sealed` if its key is lost. */
export async function openEvent(ctx: Pick<Context, 'seal'>, data: TaskData): Promise<TaskData> {
  const { sealed, ...rest } = data;
  if (sealed === undefined) return data;
  return { ...rest, ...(JSON.parse(await ctx.seal.read(sealed)) as EventParts) };
}

/** The same for a job's data as JSON. */
export const openEventJson = async (ctx: Pick<Context, 'seal'>, json: string): Promise<string> =>
  json.includes('"sealed":"s') ? JSON.stringify(await openEvent(ctx, JSON.parse(json) as TaskData)) : json;
