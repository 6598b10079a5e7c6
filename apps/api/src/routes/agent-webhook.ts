import { MintWebhookBody } from '@agenthook/contracts';
import { type Context, endPreviousWebhook, mintWebhook, revokeWebhook } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';
import * as examples from './examples/index.js';

const params = Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) });
const common = { tags: ['Agents'], params };

const mintSchema = {
  ...common,
  operationId: 'mintWebhook',
  summary: 'Create or rotate the webhook URL of an agent',
  description:
    'Returns the URL, which is shown only once: AgentHook keeps only a hash of its token. Calling it ' +
    'again creates a new URL; the old one keeps working for `overlap_seconds`, so that you can update ' +
    'the sender without losing an event. With `token`, the URL has the given token, for example one from another installation.',
  body: withExamples(MintWebhookBody, {
    mint: {},
    rotate: { overlap_seconds: 86_400 },
    'keep the URL of another installation': { token: 'nSCr6OJR2CF0gcqnW4GzHCVZ1d4Yv5WlbaYmq8SEq0g' },
  }),
  response: {
    200: answer('The new webhook.', Type.Ref('MintedWebhook'), {
      webhook_url: `http://localhost:7091/api/webhooks/agents/${examples.token}`,
      token: examples.token,
      previous_expires_at: null,
    }),
    ...problems('invalid_request', 'unauthorized', 'unknown_agent', 'token_in_use', 'redis_unavailable'),
  },
};

const revokeSchema = {
  ...common,
  operationId: 'revokeWebhook',
  summary: 'Revoke the webhook URL of an agent',
  description:
    'The URL, and an old one that still overlaps, answer 404 from now on. Accepted tasks still run.',
  response: {
    204: Type.Null({ description: 'Revoked.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const endPreviousSchema = {
  ...common,
  operationId: 'endPreviousWebhook',
  summary: 'Revoke the previous webhook URL',
  description:
    'The previous URL, which would work until `previous_expires_at`, answers 404 from now on. The ' +
    'current URL keeps working. Does nothing if no previous URL is valid.',
  response: {
    204: Type.Null({ description: 'Ended.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

/** /api/agents/:id/webhook: the agent's webhook URL. */
export async function agentWebhookRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  // The body is optional.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });

  app.post<{ Params: { id: string }; Body: MintWebhookBody }>(
    '/api/agents/:id/webhook',
    { schema: mintSchema, config: { access: 'admin' } },
    async (request) => {
      const { token, overlap_seconds = 0 } = request.body;
      const minted = await mintWebhook(ctx, request.params.id, overlap_seconds, token);
      return { webhook_url: `${settings.publicUrl(request)}/api/webhooks/agents/${minted.token}`, ...minted };
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/api/agents/:id/webhook',
    { schema: revokeSchema, config: { access: 'admin' } },
    async (request, reply) => {
      await revokeWebhook(ctx, request.params.id);
      return reply.status(204).send();
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/api/agents/:id/webhook/previous',
    { schema: endPreviousSchema, config: { access: 'admin' } },
    async (request, reply) => {
      await endPreviousWebhook(ctx, request.params.id);
      return reply.status(204).send();
    },
  );
}
