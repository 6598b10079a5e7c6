import {
  Cursor,
  type Delivery,
  type DeliveryList,
  DeliveryRequest,
  MAX_DELIVERIES,
  RotateCallbackBody,
} from '@agenthook/contracts';
import {
  type Context,
  deliveryRequest,
  enableCallback,
  getAgent,
  listDeliveries,
  resendCallback,
  rotateCallback,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { onceHeaders, onceKeyOf, replayedHeader, tellRepeat } from '../plugins/once.js';
import * as examples from './examples/index.js';

const DEFAULT_OVERLAP_SECONDS = 86_400;

const id = Type.String({ description: 'For example `agt_…`.' });
const common = { tags: ['Agents'], params: Type.Object({ id }) };
const callback = {
  url: examples.delivery.url,
  secret: true,
  previous_expires_at: null,
  disabled: null,
};

const rotateSchema = {
  ...common,
  operationId: 'rotateCallback',
  summary: 'Rotate the callback secret of an agent',
  description:
    'Returns the new secret, which is shown only once. For `overlap_seconds`, each delivery carries ' +
    'two signatures, with the new and the old secret, so that you can update the receiver without ' +
    'failed deliveries. At most the last two secrets sign.',
  body: withExamples(RotateCallbackBody, { 'a day': {}, 'at once': { overlap_seconds: 0 } }),
  response: {
    200: answer('The new secret.', Type.Ref('RotatedCallback'), {
      secret: examples.callbackSecret,
      previous_expires_at: '2026-11-23T09:00:00.000Z',
    }),
    ...problems('invalid_request', 'unknown_agent', 'no_callback', 'redis_unavailable'),
  },
};

const enableSchema = {
  ...common,
  operationId: 'enableCallback',
  summary: 'Re-enable the callback of an agent',
  description:
    'Enables a callback that was disabled because its receiver failed. Deliveries skipped in the ' +
    'meantime are not sent by themselves: resend them. Does nothing if the callback is enabled.',
  response: {
    200: answer('The agent.', Type.Ref('Agent'), { ...examples.agent, callback }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const listSchema = {
  ...common,
  operationId: 'listCallbacks',
  summary: "List an agent's callback deliveries",
  description: `Newest first, one for each task that ended, each with its last 20 attempts. The last ${MAX_DELIVERIES} are kept.`,
  querystring: Type.Object({
    task_id: Type.Optional(Type.String({ description: 'Only the delivery of this task.' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Cursor()),
  }),
  response: {
    200: answer('A page of deliveries.', Type.Ref('CallbackDeliveryList'), {
      callbacks: [examples.delivery],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'unknown_agent', 'redis_unavailable', 'archive_unavailable'),
  },
};

const resendSchema = {
  ...common,
  params: Type.Object({ id, delivery_id: Type.String({ description: 'For example `cb-…`.' }) }),
  operationId: 'resendCallback',
  summary: 'Resend a callback',
  description:
    'Starts a new round of attempts at once, with the same `webhook-id`, whether or not the callback ' +
    'was delivered before. It goes to the current callback URL.',
  headers: onceHeaders(
    'A request with the same key for the same delivery starts no other round. Without a key, each request ' +
      'starts one.',
  ),
  response: {
    202: {
      ...answer('The delivery is queued.', Type.Ref('CallbackDelivery'), {
        ...examples.delivery,
        next_attempt_at: '2026-11-22T09:10:00.000Z',
      } satisfies Delivery),
      headers: replayedHeader('the delivery'),
    },
    ...problems(
      'invalid_idempotency_key',
      'unknown_agent',
      'unknown_delivery',
      'no_callback',
      'callback_disabled',
      'redis_unavailable',
      'archive_unavailable',
    ),
  },
};

const requestSchema = {
  ...common,
  params: resendSchema.params,
  operationId: 'getCallbackRequest',
  summary: 'See what a callback sends',
  description: 'The body is the same in each attempt. It is built from the task, as long as that is stored.',
  response: {
    200: answer('What is sent.', DeliveryRequest, {
      headers: {
        'content-type': 'application/json',
        'user-agent': 'AgentHook/0.1.0',
        'webhook-id': examples.delivery.id,
      },
      body: '{"type":"task.succeeded","timestamp":"2026-11-22T09:00:00.000Z","data":{}}',
    } satisfies DeliveryRequest),
    ...problems('unknown_delivery', 'redis_unavailable', 'archive_unavailable'),
  },
};
const withoutBody = (request: DeliveryRequest): DeliveryRequest => ({ ...request, body: null });

/** A delivery without its receiver's answers. */
const withoutAnswers = (delivery: Delivery): Delivery => ({
  ...delivery,
  attempts: delivery.attempts.map((attempt) => ({ ...attempt, response_excerpt: null })),
});
const pageWithoutAnswers = (page: DeliveryList): DeliveryList => ({
  ...page,
  callbacks: page.callbacks.map(withoutAnswers),
});

type ById = { Params: { id: string } };

/** /api/agents/:id/callback and …/callbacks: how agents report the ends of tasks. */
export async function agentCallbackRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  // None of these routes needs a body.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });

  app.post<ById & { Body: RotateCallbackBody }>(
    '/api/agents/:id/callback/rotate',
    { schema: rotateSchema, config: { access: 'admin' } },
    (request) =>
      rotateCallback(ctx, request.params.id, request.body.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS),
  );

  app.post<ById>(
    '/api/agents/:id/callback/enable',
    { schema: enableSchema, config: { access: 'admin' } },
    async (request) => {
      await enableCallback(ctx, request.params.id);
      return await getAgent(ctx, request.params.id);
    },
  );

  app.get<ById & { Querystring: { limit: number; cursor?: string; task_id?: string } }>(
    '/api/agents/:id/callbacks',
    { schema: listSchema, config: { access: 'viewer', withhold: pageWithoutAnswers } },
    (request) => listDeliveries(ctx, request.params.id, request.query),
  );

  app.get<{ Params: { id: string; delivery_id: string } }>(
    '/api/agents/:id/callbacks/:delivery_id/request',
    { schema: requestSchema, config: { access: 'viewer', withhold: withoutBody } },
    (request) => deliveryRequest(ctx, request.params.id, request.params.delivery_id),
  );

  app.post<{ Params: { id: string; delivery_id: string } }>(
    '/api/agents/:id/callbacks/:delivery_id/resend',
    { schema: resendSchema, config: { access: 'operator', withhold: withoutAnswers } },
    async (request, reply) => {
      const { id: agentId, delivery_id } = request.params;
      const { delivery, isNew } = await resendCallback(ctx, agentId, delivery_id, onceKeyOf(request));
      return tellRepeat(reply, isNew).status(202).send(delivery);
    },
  );
}
