import { sleep } from '@agenthook/async';
import type { CheckTools, ToolsToCheck } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../../context.js';
import { LISTEN_MS, listenOn } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';
import { KEPT_MS, purposeOf, type ToolCheckRequest } from './tool-check-request.js';

/** How many checks a worker makes at once. Others wait for this or another worker. */
const AT_ONCE = 4;
const RETRY_MS = 200;

/**
 * Makes the checks that apis ask for (askWorker), on a connection of its own. Returns a function that stops
 * it; checks in progress are not answered then.
 */
export function serveToolChecks(ctx: Context, check: CheckTools): () => void {
  const redis = listenOn(ctx.redis, ctx.log);
  const running = new Set<Promise<void>>();
  let stopped = false;

  const serve = async (entry: string) => {
    const { id, until_ms, sealed } = JSON.parse(entry) as ToolCheckRequest;
    if (ctx.now() > until_ms) return;
    const asked = parseJson(ctx.secrets.open(sealed, purposeOf(id))) as ToolsToCheck;
    const checked = JSON.stringify(await check(asked));
    if (stopped) return;
    await ctx.redis.multi().lpush(keys.toolCheck(id), checked).pexpire(keys.toolCheck(id), KEPT_MS).exec();
  };
  const listen = async () => {
    while (!stopped) {
      try {
        if (running.size >= AT_ONCE) await Promise.race(running);
        const next = await redis.blpop(keys.toolChecks, LISTEN_MS / 1000);
        if (!next) continue;
        const served = serve(next[1])
          .catch((error: unknown) => ctx.log.warn({ err: error }, 'a check of tools failed'))
          .finally(() => running.delete(served));
        running.add(served);
      } catch (error) {
        if (stopped) return;
        ctx.log.debug({ err: error }, 'not connected to listen for checks of tools');
        await sleep(RETRY_MS);
      }
    }
  };
  void listen();
  return () => {
    stopped = true;
    redis.disconnect();
  };
}
