import { DAY_MS } from '../../queue/spend-hash.js';
import { readStats } from '../../stats/read-stats.js';
import type { Condition } from './condition.js';
import { nameOf } from './subject-name.js';

/** How long a reading is used, in ms: a month has many counters. */
const FRESH_MS = 20_000;

/** What the runs of this day or month of UTC have cost. The subject is that day or month. */
export const spend: Condition<'spend'> = {
  read: async ({ ctx, nowMs, places }, rule, open) => {
    const { id, agent_id, usd, per, updated_ms } = rule;
    const place = `spend ${id} ${updated_ms}`;
    if (nowMs - Number(places.get(place) ?? 0) < FRESH_MS) return undefined;
    const date = new Date(nowMs);
    const fromMs =
      per === 'month'
        ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
        : Math.floor(nowMs / DAY_MS) * DAY_MS;
    const agents = agent_id === null ? undefined : [agent_id];
    const { totals } = await readStats(ctx, { fromMs, toMs: nowMs + 1, stepHours: 24 }, agents);
    places.set(place, String(nowMs));
    const subject = `${per} ${new Date(fromMs).toISOString().slice(0, 10)}`;
    const isOver = totals.cost_usd >= usd;
    const text = async () =>
      `${await nameOf(ctx, agent_id)} has spent ${dollars(totals.cost_usd)} this ${per} (limit ${dollars(usd)}).`;
    return {
      firing: isOver ? [{ subject, agentId: agent_id, text }] : [],
      over: open.filter((each) => !isOver || each !== subject),
    };
  },
};

const dollars = (usd: number): string => `$${usd < 0.1 ? Number(usd.toPrecision(2)) : usd.toFixed(2)}`;
