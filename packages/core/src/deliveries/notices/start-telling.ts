import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { claimEndedScript } from '../../tasks/claim-ended.script.js';
import { tellAsk } from './tell-ask.js';

const AT_ONCE = 50;
/** How often a process looks for what is to be told, in ms. */
const LOOK_MS = 500;
/** How long a process keeps what it has claimed, in ms. If it dies, another process gets it after that. */
const CLAIM_MS = 5_000;

/** An outbox: what is still to be told, by due time, and how. `tell` is called until it resolves. */
export interface Outbox {
  key: string;
  tell: (member: string) => Promise<void>;
}

/**
 * Tells people and callbacks what tasks ask for, beside any number of other processes. An ask enters the
 * outbox in the step that writes it to the journal, and leaves it once its deliveries are stored. Returns a
 * function that stops this, and resolves once no work is in progress.
 *
 * @param more other outboxes that are emptied in the same way
 */
export function startTelling(ctx: Context, more: readonly Outbox[] = []): () => Promise<void> {
  const ofAsks = [...ctx.queues.keys()].map(
    (shard): Outbox => ({
      key: keys.asked(shard),
      tell: async (member) => {
        const [taskId = '', place = ''] = member.split(' ');
        await tellAsk(ctx, shard, taskId, place);
      },
    }),
  );
  const outboxes = [...ofAsks, ...more];
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    for (const outbox of outboxes) while (!stopped && (await tellSome(ctx, outbox)) === AT_ONCE);
  };
  const turn = async () => {
    await look().catch((error) => ctx.log.debug({ err: error }, 'telling failed'));
    if (!stopped) timer = setTimeout(next, LOOK_MS);
  };
  let running = turn();
  function next() {
    running = turn();
  }
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

/** Tells some of an outbox. Returns how many it has claimed. */
async function tellSome(ctx: Context, { key, tell }: Outbox): Promise<number> {
  const members = await claimEndedScript(ctx.redis, { ended: key }, { most: AT_ONCE, claimMs: CLAIM_MS });
  const told = await Promise.all(
    members.map(async (member) => {
      try {
        await tell(member);
        return [member];
      } catch (error) {
        ctx.log.warn({ err: error, about: member }, 'an event could not be told; it will be');
        return [];
      }
    }),
  );
  const done = told.flat();
  if (done.length > 0) await ctx.redis.zrem(key, ...done);
  return members.length;
}
