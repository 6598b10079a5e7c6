import { MintWebhookBody } from '@agenthook/contracts';
import { type Context, endPreviousWebhook, mintWebhook, revokeWebhook } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { ApiSettings } from '../settings.js';
import { answer, problems, withExamples } from './describe.js';
import * as examples from './examples.js';

const params = Type.Object({ id: Type.String({ description: 'As in `agt_…`.' }) });
const common = { tags: ['Agents'], params };

const mintSchema = {
  ...common,
  operationId: 'mintWebhook',
  summary: 'Mint or rotate the webhook of an agent',
  description:
    'Returns the URL, this once: only a hash of its token is kept. Called again it makes a new URL; the old one works ' +
    'on for `overlap_seconds`, so that a sender can be changed without losing an event.',
  body: withExamples(MintWebhookBody, { mint: {}, rotate: { overlap_seconds: 86_400 } }),
  response: {
    200: answer('The new webhook.', Type.Ref('MintedWebhook'), {
      webhook_url: `http://localhost:7091/api/webhooks/agents/${examples.token}`,
      token: examples.token,
      previous_expires_at: null,
    }),
    ...problems('invalid_request', 'unauthorized', 'unknown_agent', 'redis_unavailable'),
  },
};

const revokeSchema = {
  ...common,
  operationId: 'revokeWebhook',
  summary: 'Revoke the webhook of an agent',
  description:
    'The URL, and an old one that still overlaps, answer 404 from now on. Tasks that were accepted still run.',
  response: {
    204: Type.Null({ description: 'Revoked.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const endPreviousSchema = {
  ...common,
  operationId: 'endPreviousWebhook',
  summary: 'End the webhook URL of before the last rotation',
  description:
    'The old URL, which would still work until `previous_expires_at`, answers 404 from now on; the new one works on. ' +
    'Where none overlaps, nothing changes.',
  response: {
    204: Type.Null({ description: 'Ended.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

/** /api/agents/:id/webhook: how an agent is reached. */
export async function agentWebhookRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  // Minting needs no body at all.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });

  app.post<{ Params: { id: string }; Body: MintWebhookBody }>(
    '/api/agents/:id/webhook',
    { schema: mintSchema, config: { access: 'admin' } },
    async (request) => {
      const minted = await mintWebhook(ctx, request.params.id, request.body.overlap_seconds ?? 0);
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
