import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { withDeadline } from '@agenthook/async';
import type { ToolsChecked, ToolsToCheck } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../../context.js';
import { LISTEN_MS, listenOn } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';
import { KEPT_MS, purposeOf, type ToolCheckRequest, withinOf } from './tool-check-request.js';

/**
 * Lets a worker check tools: it has the network that runs have, and the api never runs an agent's code. Waits
 * at most `waitMs`; undefined if no worker answered by then, or Redis did not. The secrets pass through Redis
 * encrypted, and for at most a minute.
 */
export async function askWorker(
  ctx: Context,
  asked: Omit<ToolsToCheck, 'within_ms'>,
  waitMs: number,
): Promise<ToolsChecked | undefined> {
  const id = randomBytes(16).toString('base64url');
  const sealed = ctx.secrets.seal(JSON.stringify({ ...asked, ...withinOf(waitMs) }), purposeOf(id));
  const request: ToolCheckRequest = { id, until_ms: ctx.now() + waitMs, sealed };
  const until = performance.now() + waitMs;
  const listener = listenOn(ctx.redis, ctx.log);
  const ask = async () => {
    await once(listener, 'ready', { signal: AbortSignal.timeout(waitMs) });
    await ctx.redis
      .multi()
      .lpush(keys.toolChecks, JSON.stringify(request))
      .pexpire(keys.toolChecks, KEPT_MS)
      .exec();
    for (let left = waitMs; left > 0; left = until - performance.now()) {
      const answer = await listener.blpop(keys.toolCheck(id), Math.min(left, LISTEN_MS) / 1000);
      if (answer) return answer;
    }
    return undefined;
  };
  try {
    const asking = ask().catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'a worker could not be asked to check tools');
      return undefined;
    });
    const answer = await withDeadline(asking, waitMs);
    return answer ? (parseJson(answer[1]) as ToolsChecked) : undefined;
  } finally {
    listener.disconnect();
  }
}
