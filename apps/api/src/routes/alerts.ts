import {
  ALERT_DAYS,
  type Alert,
  AlertQuery,
  type AlertRule,
  AlertRuleInput,
  type AlertRuleList,
  type AlertRulePatch,
  MAX_ALERT_RULES,
  MAX_ALERTS,
} from '@agenthook/contracts';
import {
  type Context,
  changeRule,
  createRule,
  deleteRule,
  getAlert,
  getRule,
  listAlerts,
  listRules,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const common = { tags: ['Alerts'] };
const ruleParams = Type.Object({ id: Type.String({ description: 'For example `alr_…`.' }) });

const rule: AlertRule = {
  id: 'alr_7d3c0a91b2e4f5061728394a',
  name: 'Refunds fail',
  type: 'failure_rate',
  agent_id: examples.agent.id,
  channels: ['on-call'],
  callback: false,
  enabled: true,
  percent: 50,
  window_seconds: 900,
  min_runs: 5,
  open: 1,
  created_at: '2026-11-29T09:00:00.000Z',
  updated_at: '2026-11-29T09:00:00.000Z',
};

const { alert } = examples;

const listSchema = {
  ...common,
  operationId: 'listAlerts',
  summary: 'List the alerts',
  description:
    'The history, newest first. An alert is an episode: it is told when it begins and when it ends, once each. ' +
    `The last ${MAX_ALERTS} are kept, for ${ALERT_DAYS} days.`,
  querystring: AlertQuery,
  response: {
    200: answer('A page of alerts.', Type.Ref('AlertList'), { alerts: [alert], next_cursor: null }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const readSchema = {
  ...common,
  operationId: 'getAlert',
  summary: 'Read an alert',
  params: Type.Object({ id: Type.String({ description: 'For example `alt_…`.' }) }),
  response: {
    200: answer('The alert.', Type.Ref('Alert'), alert),
    ...problems('unknown_alert', 'redis_unavailable'),
  },
};

const listRulesSchema = {
  ...common,
  operationId: 'listAlertRules',
  summary: 'List the alert rules',
  description: 'Oldest first.',
  response: {
    200: answer('All rules.', Type.Ref('AlertRuleList'), { rules: [rule] }),
    ...problems('redis_unavailable'),
  },
};

const createSchema = {
  ...common,
  operationId: 'createAlertRule',
  summary: 'Create an alert rule',
  description:
    'A worker looks at each rule every few seconds. Without `agent_id`, rules of the types `first_failure`, ' +
    '`callback_disabled` and `budget` watch every agent, with an alert for each; the others watch all agents ' +
    `together. At most ${MAX_ALERT_RULES} rules may exist.`,
  body: withExamples(AlertRuleInput, {
    'the first failure of any agent': {
      name: 'Something fails',
      type: 'first_failure',
      channels: ['on-call'],
    },
    'too many failures': {
      name: 'Refunds fail',
      type: 'failure_rate',
      agent_id: examples.agent.id,
      percent: 20,
      window_seconds: 3_600,
      min_runs: 10,
      channels: ['on-call'],
    },
    'nothing comes in': {
      name: 'The form is silent',
      type: 'silence',
      seconds: 86_400,
      channels: ['on-call'],
    },
  }),
  response: {
    201: answer('The rule.', Type.Ref('AlertRule'), { ...rule, open: 0 }),
    ...problems('invalid_request', 'unknown_agent', 'too_many_alert_rules', 'redis_unavailable'),
  },
};

const readRuleSchema = {
  ...common,
  operationId: 'getAlertRule',
  summary: 'Read an alert rule',
  params: ruleParams,
  response: {
    200: answer('The rule.', Type.Ref('AlertRule'), rule),
    ...problems('unknown_alert_rule', 'redis_unavailable'),
  },
};

const patchSchema = {
  ...common,
  operationId: 'patchAlertRule',
  summary: 'Change an alert rule',
  description:
    'Fields that are left out stay. A rule keeps its type and its agent. Open alerts stay open while the new ' +
    'condition holds; those of a rule that is disabled end without being told.',
  params: ruleParams,
  body: withExamples(Type.Ref('AlertRulePatch'), { 'not now': { enabled: false } }),
  response: {
    200: answer('The rule.', Type.Ref('AlertRule'), { ...rule, enabled: false }),
    ...problems('invalid_request', 'unknown_alert_rule', 'busy', 'redis_unavailable'),
  },
};

const deleteSchema = {
  ...common,
  operationId: 'deleteAlertRule',
  summary: 'Delete an alert rule',
  description: 'Its open alerts end without being told. The history stays.',
  params: ruleParams,
  response: {
    204: Type.Null({ description: 'Deleted.' }),
    ...problems('unknown_alert_rule', 'redis_unavailable'),
  },
};

type ById = { Params: { id: string } };

/** /api/alerts and /api/alert-rules: what is watched, and what has happened. */
export async function alertRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const read = { access: 'viewer', withhold: 'nothing' } as const;
  const change = { access: 'admin' } as const;

  app.get<{ Querystring: AlertQuery }>('/api/alerts', { schema: listSchema, config: read }, (request) =>
    listAlerts(ctx, request.query),
  );

  app.get<ById>(
    '/api/alerts/:id',
    { schema: readSchema, config: read },
    (request): Promise<Alert> => getAlert(ctx, request.params.id),
  );

  app.get(
    '/api/alert-rules',
    { schema: listRulesSchema, config: read },
    async (): Promise<AlertRuleList> => ({ rules: await listRules(ctx) }),
  );

  app.post<{ Body: AlertRuleInput }>(
    '/api/alert-rules',
    { schema: createSchema, config: change },
    async (request, reply) => reply.status(201).send(await createRule(ctx, request.body)),
  );

  app.get<ById>('/api/alert-rules/:id', { schema: readRuleSchema, config: read }, (request) =>
    getRule(ctx, request.params.id),
  );

  app.patch<ById & { Body: AlertRulePatch }>(
    '/api/alert-rules/:id',
    { schema: patchSchema, config: change },
    (request) => changeRule(ctx, request.params.id, request.body),
  );

  app.delete<ById>(
    '/api/alert-rules/:id',
    { schema: deleteSchema, config: change },
    async (request, reply) => {
      await deleteRule(ctx, request.params.id);
      return reply.status(204).send();
    },
  );
}
