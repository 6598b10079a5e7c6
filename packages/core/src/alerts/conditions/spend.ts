import { DAY_MS } from '../../queue/spend-hash.js';
import { readStats } from '../../stats/read-stats.js';
import type { RuleOf } from '../stored-rule.js';
import type { Condition, Pass } from './condition.js';
import { nameOf } from './subject-name.js';

/** How long a reading is used, in ms: a month has many counters. */
const FRESH_MS = 20_000;

/** How long after a day or month its runs may still be counted, in ms. It is looked at until then. */
const LATE_MS = 10 * 60_000;

type Rule = RuleOf<'spend'>;

/** What a rule remembers. */
interface Known {
  /** Which form of the rule it knows this of: when that was saved, in ms. */
  updated_ms: number;
  /** When the first day or month began that is not looked at for the last time, in ms. */
  since: number;
  /** The subjects of the last two alerts: those of a period that is over and of the current one. */
  told?: readonly string[] | undefined;
}

/**
 * What the runs of a day or month of UTC have cost. The subject is that day or month. One that is over is
 * looked at once more when its last runs are counted, so that a limit which was crossed just before its end
 * is told, too.
 */
export const spend: Condition<'spend'> = {
  begin: async (_ctx, { per, updated_ms }) => ({ updated_ms, since: startOf(per, updated_ms) }),
  read: async (pass, rule, open, state) => {
    const { nowMs, places } = pass;
    const { id, per, updated_ms } = rule;
    const place = `spend ${id} ${updated_ms}`;
    if (Math.abs(nowMs - Number(places.get(place) ?? 0)) < FRESH_MS) return undefined;
    const current = startOf(per, nowMs);
    const known = knownOf(rule, state as Known | undefined, current);
    const periods = [...new Set([Math.min(known.since, current), current])];
    const read = await Promise.all(periods.map((fromMs) => readPeriod(pass, rule, fromMs)));
    places.set(place, String(nowMs));
    const isTold = (subject: string) => known.told?.includes(subject) || open.includes(subject);
    const firing = read.filter(({ isOver, fromMs, subject }) =>
      fromMs === current ? isOver : isOver && !isTold(subject),
    );
    const now = read.find(({ fromMs }) => fromMs === current);
    const told = [...new Set([...(known.told ?? []), ...firing.map(({ subject }) => subject)])].slice(-2);
    const since = nowMs - current < LATE_MS ? periods[0] : current;
    const next = { updated_ms, since, told };
    return {
      firing,
      over: [...open, ...firing.map(({ subject }) => subject)].filter(
        (subject) => !now?.isOver || subject !== now.subject,
      ),
      ...(JSON.stringify(next) !== JSON.stringify(state) && { state: next }),
    };
  },
};

function startOf(per: Rule['per'], ms: number): number {
  const date = new Date(ms);
  return per === 'month'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
    : Math.floor(ms / DAY_MS) * DAY_MS;
}

/** When the day or month after the one that begins at `fromMs` begins. */
const endOf = (per: Rule['per'], fromMs: number): number =>
  startOf(per, fromMs + (per === 'month' ? 31 : 1) * DAY_MS);

/** What is known of this form of the rule. Of a changed one, nothing is known from before the change. */
function knownOf({ per, updated_ms }: Rule, state: Known | undefined, current: number): Known {
  if (state === undefined) return { updated_ms, since: current };
  if (state.updated_ms === updated_ms) return state;
  return { updated_ms, since: startOf(per, updated_ms), told: state.told };
}

/** What a day or month has cost up to now. */
async function readPeriod({ ctx, nowMs }: Pass, { agent_id, usd, per }: Rule, fromMs: number) {
  const toMs = Math.min(nowMs + 1, endOf(per, fromMs));
  const agents = agent_id === null ? undefined : [agent_id];
  const { totals } = await readStats(ctx, { fromMs, toMs, stepHours: 24 }, agents);
  const cost = totals.cost_usd;
  const date = new Date(fromMs).toISOString().slice(0, per === 'month' ? 7 : 10);
  const when = endOf(per, fromMs) <= nowMs ? `in the ${per} ${date}` : `this ${per}`;
  return {
    fromMs,
    subject: `${per} ${new Date(fromMs).toISOString().slice(0, 10)}`,
    isOver: cost >= usd,
    agentId: agent_id,
    text: async () =>
      `${await nameOf(ctx, agent_id)} has spent ${dollars(cost)} ${when} (limit ${dollars(usd)}).`,
  };
}

const dollars = (usd: number): string => `$${usd < 0.1 ? Number(usd.toPrecision(2)) : usd.toFixed(2)}`;
