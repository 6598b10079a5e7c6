import { iso, isoOrNull, type Stats, StatsQuery } from '@agenthook/contracts';
import {
  AppError,
  busiestAgents,
  type Context,
  newestTaskMs,
  queueDepth,
  readStats,
  readStatsByAgent,
  readStatsByName,
} from '@agenthook/core';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';
import { msOf } from './time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** For how many days counters are kept. */
const MAX_DAYS = 35;
const MAX_DAYS_BY_AGENT = 2;
const MAX_AGENTS = 200;

const statsSchema = {
  operationId: 'getStats',
  summary: 'Count tasks over time',
  description:
    'How many tasks were created, how they ended, how long they took and what they cost, by hour or ' +
    'day, and how many wait now. An hour counts as a whole, even if `from` falls within it. Counters ' +
    'are kept for 35 days. Ends are counted within about a second.',
  tags: ['Tasks'],
  querystring: StatsQuery,
  response: {
    200: answer('The counts.', Type.Ref('Stats'), examples.stats),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

/** GET /api/stats */
export async function statsRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Querystring: Static<typeof StatsQuery> }>(
    '/api/stats',
    { schema: statsSchema, config: { access: 'viewer', withhold: 'nothing' } },
    async ({ query }): Promise<Stats> => {
      const span = spanOf(query, ctx.now());
      const [counts, queue] = await Promise.all([
        countsOf(ctx, span, query),
        queueDepth(ctx, query.agent_id),
      ]);
      return {
        from: iso(span.fromMs),
        to: iso(span.toMs),
        bucket: span.stepHours === 1 ? 'hour' : 'day',
        queue,
        ...counts,
      };
    },
  );
}

type Span = ReturnType<typeof spanOf>;

async function countsOf(ctx: Context, span: Span, { group_by, agent_id }: Static<typeof StatsQuery>) {
  if (!group_by) return await readStats(ctx, span, agent_id);
  if (group_by !== 'agent') {
    const [all, byName] = await Promise.all([
      readStats(ctx, span, agent_id),
      readStatsByName(ctx, span, group_by, agent_id?.[0]),
    ]);
    const groups = [...byName].map(([name, counts]) => ({ name, ...counts }));
    return {
      ...all,
      groups: groups.filter((group) => sizeOf(group) > 0).sort((a, b) => sizeOf(b) - sizeOf(a)),
    };
  }
  const ids = [...new Set(agent_id ?? (await busiestAgents(ctx, span, MAX_AGENTS)))];
  const { all, byAgent } = await readStatsByAgent(ctx, span, ids);
  const totals = agent_id ? all : await readStats(ctx, span);
  const agents = await Promise.all(ids.map((id) => statsOfAgent(ctx, id, byAgent.get(id) ?? all)));
  return { ...totals, agents: agent_id ? agents : agents.sort(byEvents) };
}

type AgentStats = NonNullable<Stats['agents']>[number];

/** What a group is sorted by. */
const sizeOf = ({ totals }: Pick<AgentStats, 'totals'>): number =>
  Math.max(totals.triggered, totals.succeeded + totals.failed) + totals.rejected + totals.filtered;

const byEvents = (a: AgentStats, b: AgentStats): number => eventsOf(b) - eventsOf(a);
const eventsOf = ({ totals }: AgentStats): number => totals.triggered + totals.rejected + totals.filtered;

async function statsOfAgent(
  ctx: Context,
  agentId: string,
  counts: Pick<AgentStats, 'totals' | 'series'>,
): Promise<AgentStats> {
  const lastMs = await newestTaskMs(ctx, agentId);
  return { agent_id: agentId, last_task_at: isoOrNull(lastMs), ...counts };
}

function spanOf(query: Static<typeof StatsQuery>, now: number) {
  const toMs = msOf('to', query.to) ?? now;
  const fromMs = msOf('from', query.from) ?? toMs - DAY_MS;
  const isByHour = query.group_by !== undefined && query.bucket === 'hour';
  const maxDays = isByHour ? MAX_DAYS_BY_AGENT : MAX_DAYS;
  if (query.group_by && query.group_by !== 'agent' && new Set(query.agent_id).size > 1)
    throw new AppError('invalid_request', `group_by=${query.group_by} counts for one agent_id, or for all.`);
  if (fromMs >= toMs) throw new AppError('invalid_request', 'from must be before to.');
  if (toMs - fromMs > maxDays * DAY_MS)
    throw new AppError(
      'invalid_request',
      `from and to may be at most ${maxDays} days apart${isByHour ? ' with group_by and bucket=hour' : ''}.`,
    );
  return { fromMs, toMs, stepHours: query.bucket === 'day' ? 24 : 1 };
}
