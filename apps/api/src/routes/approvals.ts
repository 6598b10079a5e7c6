import { ApprovalListQuery, DecisionBody, MAX_REASON_CHARACTERS } from '@agenthook/contracts';
import { type Context, decide, listApprovals, pendingWithoutContent, tokenOf } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';
import * as examples from './examples/index.js';

const tags = ['Approvals'];

/** The limit of a decision's body, in bytes: arguments as long as a model's. */
const DECISION_BYTES = 256 * 1024;

const listSchema = {
  operationId: 'listApprovals',
  summary: 'List what waits for a decision',
  description:
    'Calls that a person has to approve, questions to people, and callbacks of other systems, oldest first. ' +
    'Their tasks are `STARTED` and hold no worker.',
  tags,
  querystring: ApprovalListQuery,
  response: {
    200: answer('A page of them.', Type.Ref('ApprovalList'), {
      approvals: [examples.pendingApproval],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const decideSchema = {
  operationId: 'decideApproval',
  summary: 'Decide about a call',
  description:
    'The first decision counts, and the task goes on at once where a worker is free. Only the approvers of the ' +
    `tool may decide. Edited arguments must match the tool's schema. A reason has at most ${MAX_REASON_CHARACTERS} ` +
    'characters.',
  tags,
  params: Type.Object({
    id: Type.String({ description: 'The task id.' }),
    call_id: Type.String({ description: 'The `call_id` of the list.' }),
  }),
  body: withExamples(DecisionBody, {
    approve: { decision: 'approve' },
    deny: { decision: 'deny', reason: 'The order was refunded before.' },
    'edit the arguments': { decision: 'edit', arguments: { order: 'A-1', amount: 20 } },
  }),
  response: {
    200: answer('The decision counts.', Type.Ref('DecisionMade'), examples.decisionMade),
    ...problems(
      'unknown_task',
      'unknown_approval',
      'already_decided',
      'approval_expired',
      ['task_finished', 'The task had ended before anybody decided.'],
      'invalid_decision',
      ['forbidden', 'Only these may decide: admin.'],
      'busy',
      'redis_unavailable',
    ),
  },
};

const listWithoutContent = ({
  approvals,
  ...page
}: {
  approvals: Parameters<typeof pendingWithoutContent>[0][];
}) => ({ ...page, approvals: approvals.map(pendingWithoutContent) });

/** /api/approvals, and decisions about the calls of a task. */
export async function approvalRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  app.get<{ Querystring: ApprovalListQuery }>(
    '/api/approvals',
    { schema: listSchema, config: { access: 'viewer', withhold: listWithoutContent } },
    (request) =>
      listApprovals(ctx, {
        ...request.query,
        agentId: request.query.agent_id,
        caller: callerOf(request),
        urlOf: (taskId, asked, mayDecide) => {
          const base = settings.publicUrl(request);
          // Content and the right to decide are not for everyone who may see the list.
          if (!mayDecide || !request.caller?.see_payloads) return `${base}/runs/${taskId}`;
          return asked.kind === 'callback'
            ? `${base}/api/callbacks/${tokenOf(ctx, 'callback', taskId, asked)}`
            : `${base}/decide/${tokenOf(ctx, 'decide', taskId, asked)}`;
        },
      }),
  );

  app.post<{ Params: { id: string; call_id: string }; Body: DecisionBody }>(
    '/api/tasks/:id/approvals/:call_id',
    {
      schema: decideSchema,
      bodyLimit: DECISION_BYTES,
      // Anyone whom a tool names as an approver, whatever their role.
      config: { access: 'viewer', withhold: 'nothing' },
    },
    (request) =>
      decide(ctx, {
        taskId: request.params.id,
        callId: request.params.call_id,
        decision: request.body,
        by: callerOf(request),
      }),
  );
}

function callerOf({ caller }: FastifyRequest) {
  if (!caller) throw new Error('a managed route has no caller');
  return caller;
}
