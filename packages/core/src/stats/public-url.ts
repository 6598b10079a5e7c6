import type { Context } from '../context.js';
import { readProcesses } from './heartbeat.js';

/** The port of an api that says nothing else. */
const DEFAULT_URL = 'http://localhost:7091';

/**
 * The URL at which people reach the api, for links in what a worker sends: `own` if it is known, else what an
 * api has reported.
 */
export async function publicUrlOf(ctx: Context, own: string | undefined): Promise<string> {
  if (own !== undefined) return own;
  const urls = (await readProcesses(ctx.redis)).flatMap(({ url }) => url ?? []);
  return urls.sort()[0] ?? DEFAULT_URL;
}
