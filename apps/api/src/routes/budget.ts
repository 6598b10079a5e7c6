import {
  BudgetBody,
  BudgetList,
  BudgetQuery,
  type BudgetState,
  type SavedBudget,
} from '@agenthook/contracts';
import {
  agentBudget,
  type Context,
  installationBudget,
  listBudgets,
  saveInstallationBudget,
} from '@agenthook/core';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';

const common = { tags: ['Budgets'] };

const example: BudgetState = {
  scope: 'installation',
  budget: { per_day_usd: 20, per_month_usd: 300, per_day_tokens: null, on_limit: 'reject' },
  spend: {
    day_usd: 16.42,
    month_usd: 121.07,
    day_tokens: 5_204_118,
    reserved_usd: 0.04,
    reserved_tokens: 12_288,
    unpriced_turns: 0,
  },
  limits: [
    {
      limit: 'per_day_usd',
      max: 20,
      used: 16.42,
      used_percent: 82.1,
      told_percent: 80,
      told_at: '2026-11-29T15:12:09.120Z',
      resets_at: '2026-11-30T00:00:00.000Z',
    },
    {
      limit: 'per_month_usd',
      max: 300,
      used: 121.07,
      used_percent: 40.4,
      told_percent: null,
      told_at: null,
      resets_at: '2026-12-01T00:00:00.000Z',
    },
  ],
};
const agentExample: BudgetState = {
  ...example,
  scope: 'agent',
  agent_id: 'agt_019329f1c0007abc8def0123456789ab',
};
const warning = {
  code: 'unknown_price',
  model: 'local:qwen3',
  agent_id: 'agt_019329f1c0007abc8def0123456789ab',
  detail:
    'Limits in USD do not hold for turns of "local:qwen3", whose price is unknown. Give its price in PRICES_FILE, ' +
    'or set per_day_tokens.',
};

const readSchema = {
  ...common,
  operationId: 'getBudget',
  summary: 'Read the budget of the installation',
  description:
    'The limits for all agents together, and what is spent of them. Days and months are those of UTC, by the ' +
    'clock of Redis. At 80 and 100 % of a limit, a worker logs a warning.',
  response: {
    200: answer('The budget and what is spent.', Type.Ref('BudgetState'), example),
    ...problems('redis_unavailable'),
  },
};

const saveSchema = {
  ...common,
  operationId: 'setBudget',
  summary: 'Set the budget of the installation',
  description:
    'Holds for all agents together, from the next trigger and the next turn of a model on. A new budget begins ' +
    'with what the tasks that ended this day and this month have spent. Tasks that wait for a budget go on within ' +
    'seconds if the new one allows it. null removes it.',
  body: withExamples(BudgetBody, {
    'a day and a month': { budget: { per_day_usd: 20, per_month_usd: 300, on_limit: 'reject' } },
    none: { budget: null },
  }),
  response: {
    200: answer('The budget.', Type.Ref('SavedBudget'), { ...example, warnings: [warning] }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const listSchema = {
  ...common,
  operationId: 'listAgentBudgets',
  summary: 'List the agents that have a budget',
  description: 'With what each has spent, in the order of their creation.',
  querystring: BudgetQuery,
  response: {
    200: answer('A page of agents.', BudgetList, { agents: [agentExample], next_cursor: null }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const agentSchema = {
  ...common,
  operationId: 'getAgentBudget',
  summary: 'Read what an agent has spent of its budget',
  description: 'The budget itself is the field `budget` of the agent.',
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
  response: {
    200: answer('The budget and what is spent.', Type.Ref('BudgetState'), agentExample),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

/** /api/budget, and the budgets of agents. */
export async function budgetRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const read = { access: 'viewer', withhold: 'nothing' } as const;

  app.get(
    '/api/budget',
    { schema: readSchema, config: read },
    (): Promise<BudgetState> => installationBudget(ctx),
  );

  app.put<{ Body: BudgetBody }>(
    '/api/budget',
    { schema: saveSchema, config: { access: 'admin' } },
    (request): Promise<SavedBudget> => saveInstallationBudget(ctx, request.body),
  );

  app.get<{ Querystring: Static<typeof BudgetQuery> }>(
    '/api/budget/agents',
    { schema: listSchema, config: read },
    (request): Promise<BudgetList> => listBudgets(ctx, request.query),
  );

  app.get<{ Params: { id: string } }>(
    '/api/agents/:id/budget',
    { schema: agentSchema, config: read },
    (request): Promise<BudgetState> => agentBudget(ctx, request.params.id),
  );
}
