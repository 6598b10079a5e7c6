import { randomUUID } from 'node:crypto';
import { sleep } from '@agenthook/async';
import type { GrantsPort, Renewal, StoredGrant } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { objectOf } from '../redis/stored-row.js';
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
/** How often a grant that Redis did not take is written again, and for how long, in ms. */
const SAVE_AGAIN_MS = 200;
const SAVE_FOR_MS = 10 * 60_000;
/** How many grants an agent keeps. Tools whose secrets have changed leave old ones behind. */
const MOST_GRANTS = 50;

interface Stored extends Omit<StoredGrant, 'left_ms'> {
  /** When the token expires, by the clock of Redis, in ms. */
  expires_ms: number;
}

/** What is stored of a grant. A row without `sealed` only notes a request. */
interface Row {
  sealed?: unknown;
  /** When a server was asked for a new token that nobody has stored yet, in ms. */
  asking_ms?: unknown;
}

/** For `before` of save-grant.lua: whatever row is there. */
const ANY = '*';

const sealedOf = ({ sealed }: Row): Row => (typeof sealed === 'string' ? { sealed } : {});

/**
 * Grants that Redis has not taken yet. Their servers have spent the refresh tokens that it has.
 */
const unsaved = new WeakMap<Context, Map<string, Stored>>();

/** The grants of an agent's tools, which are deleted with it. */
export function grantsOf(ctx: Context, agentId: string): GrantsPort {
  const context = contextOf.grant(agentId);
  const waiting = unsaved.get(ctx) ?? new Map<string, Stored>();
  unsaved.set(ctx, waiting);
  const given = ({ expires_ms, ...grant }: Stored): StoredGrant => ({
    ...grant,
    left_ms: expires_ms - ctx.now(),
  });
  const read = async (key: string): Promise<StoredGrant | undefined> => {
    const json = await ctx.redis.hget(keys.agentGrants(agentId), key);
    const sealed = objectOf(json)?.sealed;
    if (typeof sealed !== 'string') return undefined;
    return given(JSON.parse(ctx.secrets.open(sealed, context)) as Stored);
  };
  const write = async (key: string, row: Row, before = ANY): Promise<void> => {
    await saveGrantScript(
      ctx.redis,
      { agent: keys.agent(agentId), grants: keys.agentGrants(agentId) },
      { name: key, grant: JSON.stringify({ at: ctx.now(), ...row }), most: MOST_GRANTS, before },
    );
  };
  const save = (key: string, stored: Stored): Promise<void> =>
    write(key, { sealed: ctx.secrets.seal(JSON.stringify(stored), context) });
  const renewal = (key: string): Renewal => {
    /**
     * Replaces the note in the row. Returns the note before, or undefined if there is none or Redis does not
     * answer: then nothing is noted. A row that has changed since it was read stays as it is.
     */
    const note = async (asking: (before: number | undefined) => number | undefined) => {
      try {
        const json = await ctx.redis.hget(keys.agentGrants(agentId), key);
        const row: Row = objectOf(json) ?? {};
        const before = typeof row.asking_ms === 'number' ? row.asking_ms : undefined;
        const asking_ms = asking(before);
        await write(key, { ...sealedOf(row), ...(asking_ms !== undefined && { asking_ms }) }, json ?? '');
        return before;
      } catch {
        return undefined;
      }
    };
    return {
      begin: () => note((before) => before ?? Math.round(ctx.now())),
      refused: async () => void (await note(() => undefined)),
    };
  };
  /** Writes a grant once Redis takes it, unless another worker has replaced the one before it. */
  const saveLater = async (key: string, stored: Stored, before: string | undefined): Promise<void> => {
    const end = performance.now() + SAVE_FOR_MS;
    while (waiting.get(key) === stored && performance.now() < end) {
      await sleep(SAVE_AGAIN_MS);
      try {
        if ((await read(key))?.refresh_token === before) await save(key, stored);
        break;
      } catch {
        // Redis is still away.
      }
    }
    if (waiting.get(key) === stored) waiting.delete(key);
  };
  const store = async (key: string, { left_ms, ...grant }: StoredGrant, before: string | undefined) => {
    const stored: Stored = { ...grant, expires_ms: Math.round(ctx.now() + left_ms) };
    waiting.delete(key);
    try {
      await save(key, stored);
    } catch (error) {
      ctx.log.warn(
        { err: error, agent_id: agentId },
        'an OAuth grant could not be stored, and is kept in memory',
      );
      waiting.set(key, stored);
      void saveLater(key, stored, before);
    }
  };
  return {
    async renew(key, refresh) {
      const turn = { key: keys.granting(key), mark: randomUUID() };
      const end = ctx.now() + WAIT_MS;
      while ((await ctx.redis.set(turn.key, turn.mark, 'PX', TURN_MS, 'NX')) === null) {
        if (ctx.now() > end) return undefined;
        // Redis's clock was set back.
        if ((await ctx.redis.pttl(turn.key)) > TURN_MS) await ctx.redis.pexpire(turn.key, TURN_MS);
        await sleep(LOOK_MS);
      }
      try {
        const held = waiting.get(key);
        const saved = await read(key);
        const stored = held ? given(held) : saved;
        const grant = await refresh(stored, renewal(key));
        if (grant !== stored) await store(key, grant, saved?.refresh_token);
        return grant;
      } finally {
        // Without Redis, the turn ends by its time.
        await endTurnScript(ctx.redis, { turn: turn.key }, { mark: turn.mark }).catch(() => undefined);
      }
    },
  };
}
