import { Signing } from '@agenthook/contracts';
import { type Context, signingOfAgent } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';

const schema = {
  operationId: 'getSigning',
  summary: 'See how to sign a request to an agent',
  description:
    "How a program proves its requests to the agent's webhook, for programs that post in place of the sender. " +
    'The secret is not shown.',
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
  response: {
    200: answer('How requests are proven.', Signing, {
      kind: 'hmac',
      algorithm: 'sha256',
      encoding: 'hex',
      key: 'text',
      content: '{body}',
      time: 'unix',
      headers: { 'X-Hub-Signature-256': 'sha256={signature}' },
    } satisfies Signing),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

/** GET /api/agents/:id/signing */
export async function agentSigningRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Params: { id: string } }>(
    '/api/agents/:id/signing',
    { schema, config: { access: 'viewer', withhold: 'nothing' } },
    (request) => signingOfAgent(ctx, request.params.id),
  );
}
