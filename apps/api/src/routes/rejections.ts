import { Cursor, type Rejection, RejectionList, type TaskCreated } from '@agenthook/contracts';
import {
  acceptRejection,
  type Context,
  clearEvents,
  listRejections,
  rejectionWithoutContent,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import { statusOf } from '../plugins/problems.js';
import * as examples from './examples/index.js';

const common = { tags: ['Agents'] };
const agentId = Type.String({ description: 'For example `agt_…`.' });
const ofAgent = Type.Object({ id: agentId });

const listSchema = {
  ...common,
  operationId: 'listRejections',
  summary: 'List the rejections of an agent',
  description:
    'Newest first: the last 100 requests to the webhook that were refused, with the answer the sender ' +
    'received. During a flood, the first hundred and then five per second are kept. Headers that may ' +
    'hold credentials are listed without their values.',
  params: ofAgent,
  querystring: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
    cursor: Type.Optional(Cursor()),
  }),
  response: {
    200: answer('A page of rejections.', RejectionList, {
      rejections: [examples.rejection],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'unknown_agent', 'redis_unavailable'),
  },
};

const clearSchema = {
  ...common,
  operationId: 'clearRejections',
  summary: 'Delete the rejections of an agent',
  description: 'Deletes them permanently. Tasks created from them stay.',
  params: ofAgent,
  response: {
    204: Type.Null({ description: 'Forgotten.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const accepted = (description: string) => ({
  ...answer(description, Type.Ref('TaskCreated'), { task_id: examples.taskId } satisfies TaskCreated),
  headers: { Location: { type: 'string', description: 'Where to read its status.' } },
});

const acceptSchema = {
  ...common,
  operationId: 'acceptRejection',
  summary: 'Run a rejected request or a filtered event',
  description:
    "Use it once you have fixed the cause. Creates a task from the request, with the agent's current " +
    "configuration. Signature, filter and rate do not apply, but `input_schema` does. The request's " +
    '`Idempotency-Key` still applies: if the sender has succeeded in the meantime, the answer is that ' +
    'task, and accepting twice creates one task. Only the beginning of bodies over 256 KiB is kept, ' +
    'so they cannot be accepted.',
  params: Type.Object({
    id: agentId,
    rejection_id: Type.String({ description: 'For example `rej_…`, or `flt_…` for a filtered event.' }),
  }),
  response: {
    200: accepted('This request already has a task.'),
    201: accepted('The task is stored.'),
    ...problems(
      'invalid_json',
      'invalid_form',
      'empty_body',
      'agent_disabled',
      'unknown_agent',
      'unknown_rejection',
      'rejection_truncated',
      'invalid_payload',
      'too_many_pending',
      'damaged_agent',
      'budget_exhausted',
      'attachments_unavailable',
      'redis_unavailable',
    ),
  },
};

const pageWithoutContent = ({ rejections, ...page }: { rejections: Rejection[] }) => ({
  ...page,
  rejections: rejections.map(rejectionWithoutContent),
});

type ById = { Params: { id: string } };

/** /api/agents/:id/rejections: requests to the agent's webhook that were refused. */
export async function rejectionRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<ById & { Querystring: { limit: number; cursor?: string } }>(
    '/api/agents/:id/rejections',
    { schema: listSchema, config: { access: 'viewer', withhold: pageWithoutContent } },
    async (request) => {
      const page = await listRejections(ctx, request.params.id, request.query);
      const rejections = page.rejections.map(
        (rejection): Rejection => ({ ...rejection, status: statusOf(rejection.code) }),
      );
      return { ...page, rejections };
    },
  );

  app.delete<ById>(
    '/api/agents/:id/rejections',
    { schema: clearSchema, config: { access: 'admin' } },
    async (request, reply) => {
      await clearEvents(ctx, request.params.id, 'rejected');
      return reply.status(204).send();
    },
  );

  app.post<{ Params: { id: string; rejection_id: string } }>(
    '/api/agents/:id/rejections/:rejection_id/accept',
    { schema: acceptSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      const { id, rejection_id } = request.params;
      const { task_id, isNew } = await acceptRejection(ctx, id, rejection_id);
      return reply
        .status(isNew ? 201 : 200)
        .header('location', `/api/task_status?task_id=${task_id}`)
        .send({ task_id });
    },
  );
}
