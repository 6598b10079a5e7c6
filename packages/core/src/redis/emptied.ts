import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from './keys.js';

/** One line for the person who operates the installation. */
export const EMPTIED =
  'Redis has been emptied or replaced since this process started: agents, webhooks and tasks are gone. ' +
  'Restore a backup, or restart api and worker to start from nothing.';

/** How often one line is logged for all requests that meet the same fault: once a minute. */
export const TOLD = { burst: 1, perSecond: 1 / 60 };

/** Whether Redis has lost what the first process stored: the proof of the secret key. Nothing removes it. */
export const isEmptied = async ({ redis }: Pick<Context, 'redis'>): Promise<boolean> =>
  (await redis.exists(keys.secretCheck)) === 0;

/**
 * Called before a caller is told that something does not exist. Senders and pollers give up after a 404, and
 * try again after the 503 of `redis_unavailable`, which this throws while Redis has lost its data.
 */
export async function checkNotEmptied(ctx: Context): Promise<void> {
  if (!(await isEmptied(ctx))) return;
  // Every unknown token and id comes here.
  if (ctx.tellPace('emptied', ctx.now())) ctx.log.error(EMPTIED);
  throw new AppError('redis_unavailable');
}
