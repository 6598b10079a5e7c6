import type { Schema } from '../../../api/client.js';

type Agent = Schema<'Agent'>;
/** What the list asks for: not the configuration. */
export type ListedAgent = Pick<
  Agent,
  'id' | 'name' | 'description' | 'status' | 'model' | 'tags' | 'paused' | 'problem'
>;
type AgentStats = NonNullable<Schema<'Stats'>['agents']>[number];

/** An agent with its activity in the last 24 hours. */
export interface AgentRow {
  agent: ListedAgent;
  /** Undefined while it is unknown. */
  activity: Activity | undefined;
}

export interface Activity {
  runs: number;
  succeeded: number;
  failed: number;
  /** Of the ended runs, from 0 to 1. null if none ended. */
  failureRate: number | null;
  /** null if no run is kept. */
  lastRunAt: string | null;
  byHour: { total: number; failed: number }[];
}

/** Agents with their counts, as far as they are known. */
export function rowsOf(agents: readonly ListedAgent[], counted: readonly AgentStats[]): AgentRow[] {
  const byId = new Map(counted.map((stats) => [stats.agent_id, stats]));
  return agents.map((agent) => {
    const stats = byId.get(agent.id);
    return { agent, activity: stats && activityOf(stats) };
  });
}

function activityOf({ totals, series, last_task_at }: AgentStats): Activity {
  const { triggered, succeeded, failed } = totals;
  const ended = succeeded + failed;
  return {
    runs: triggered,
    succeeded,
    failed,
    failureRate: ended === 0 ? null : failed / ended,
    lastRunAt: last_task_at,
    byHour: series.map((hour) => ({ total: hour.triggered, failed: hour.failed })),
  };
}

export const SORTS = {
  newest: 'Newest first',
  name: 'Name',
  runs: 'Most runs',
  failures: 'Highest failure rate',
  last_run: 'Last run',
} as const;
export type Sort = keyof typeof SORTS;
export const isSort = (value: unknown): value is Sort =>
  typeof value === 'string' && Object.hasOwn(SORTS, value);

const byName = (a: AgentRow, b: AgentRow): number => a.agent.name.localeCompare(b.agent.name);
const largestFirst = (sizeOf: (activity: Activity) => number) => (a: AgentRow, b: AgentRow) =>
  (b.activity ? sizeOf(b.activity) : -1) - (a.activity ? sizeOf(a.activity) : -1) || byName(a, b);

const ORDERS: Record<Sort, ((a: AgentRow, b: AgentRow) => number) | undefined> = {
  // The api's own order.
  newest: undefined,
  name: byName,
  runs: largestFirst(({ runs }) => runs),
  failures: largestFirst(({ failureRate }) => failureRate ?? -1),
  last_run: largestFirst(({ lastRunAt }) => (lastRunAt === null ? -1 : Date.parse(lastRunAt))),
};

/** The rows in the given order. The api's own order stays if it is that one. */
export function inOrder(rows: readonly AgentRow[], sort: Sort): AgentRow[] {
  const order = ORDERS[sort];
  return order ? [...rows].sort(order) : [...rows];
}
