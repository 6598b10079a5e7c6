import { randomUUID } from 'node:crypto';
import { sleep } from '@agenthook/async';
import type { GrantsPort, StoredGrant } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { contextOf } from '../secrets/sealed-values.js';
import { endTurnScript } from './end-turn.script.js';
import { saveGrantScript } from './save-grant.script.js';

/**
 * How long a worker has the turn, in ms: longer than a request for a token takes. A worker that dies leaves
 * its turn to others after that.
 */
const TURN_MS = 30_000;
/** How often to look whether it is this worker's turn, and how long to wait for it, in ms. */
const LOOK_MS = 50;
const WAIT_MS = 60_000;
/** How many grants an agent keeps. Tools whose secrets have changed leave old ones behind. */
const MOST_GRANTS = 50;

interface Stored extends Omit<StoredGrant, 'left_ms'> {
  /** When the token expires, by the clock of Redis, in ms. */
  expires_ms: number;
}

/** The grants of an agent's tools, which are deleted with it. */
export function grantsOf(ctx: Context, agentId: string): GrantsPort {
  const context = contextOf.grant(agentId);
  const read = async (key: string): Promise<StoredGrant | undefined> => {
    const json = await ctx.redis.hget(keys.agentGrants(agentId), key);
    const { sealed } = (json === null ? {} : JSON.parse(json)) as { sealed?: string };
    if (sealed === undefined) return undefined;
    const { expires_ms, ...stored } = JSON.parse(ctx.secrets.open(sealed, context)) as Stored;
    return { ...stored, left_ms: expires_ms - ctx.now() };
  };
  const save = async (key: string, { left_ms, ...grant }: StoredGrant): Promise<void> => {
    const stored: Stored = { ...grant, expires_ms: Math.round(ctx.now() + left_ms) };
    const value = JSON.stringify({
      at: ctx.now(),
      sealed: ctx.secrets.seal(JSON.stringify(stored), context),
    });
    await saveGrantScript(
      ctx.redis,
      { agent: keys.agent(agentId), grants: keys.agentGrants(agentId) },
      { name: key, grant: value, most: MOST_GRANTS },
    );
  };
  return {
    async renew(key, refresh) {
      const turn = { key: keys.granting(key), mark: randomUUID() };
      const end = ctx.now() + WAIT_MS;
      while ((await ctx.redis.set(turn.key, turn.mark, 'PX', TURN_MS, 'NX')) === null) {
        if (ctx.now() > end) return undefined;
        await sleep(LOOK_MS);
      }
      try {
        const stored = await read(key);
        const grant = await refresh(stored);
        if (grant !== stored) await save(key, grant);
        return grant;
      } finally {
        await endTurnScript(ctx.redis, { turn: turn.key }, { mark: turn.mark });
      }
    },
  };
}
