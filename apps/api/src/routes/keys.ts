import { type ApiKey, ApiKeyInput, ApiKeyList, MAX_API_KEYS, type MadeApiKey } from '@agenthook/contracts';
import { type Context, createApiKey, listApiKeys, revokeApiKey } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';

const common = { tags: ['Access'] };

const example: ApiKey = {
  id: 'key_7d3c0a91b2e4f5061728394a',
  name: 'Dashboard',
  role: 'viewer',
  see_payloads: false,
  key_hint: 'Yb2c',
  created_at: '2026-11-22T09:00:00.000Z',
  last_used_at: '2026-11-22T09:05:00.000Z',
  expires_at: null,
};
const madeExample: MadeApiKey = {
  ...example,
  last_used_at: null,
  key: 'ahk_S2VlcCB0aGlzIG9uZSwgaXQgaXMgc2hvd24gb25jZSBYb2c',
};

const createSchema = {
  ...common,
  operationId: 'createApiKey',
  summary: 'Create an API key',
  description:
    'The answer contains the key, which is shown only once: AgentHook keeps only a hash of it. At ' +
    `most ${MAX_API_KEYS} keys may exist. ADMIN_API_KEY from the environment does not count; it ` +
    'always has the role admin.',
  body: withExamples(ApiKeyInput, {
    'a dashboard': { name: 'Dashboard', role: 'viewer', see_payloads: false },
    'a deployment, for a year': { name: 'CI', role: 'admin', expires_at: '2027-11-22T00:00:00Z' },
  }),
  response: {
    201: answer('The key.', Type.Ref('MadeApiKey'), madeExample),
    ...problems('invalid_request', 'too_many_api_keys'),
  },
};

const listSchema = {
  ...common,
  operationId: 'listApiKeys',
  summary: 'List the API keys',
  description: 'Newest first, including expired keys. The keys themselves are never shown.',
  response: { 200: answer('All stored keys.', ApiKeyList, { keys: [example] }) },
};

const revokeSchema = {
  ...common,
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key',
  description: 'The key stops working at once, and sessions started with it end.',
  params: Type.Object({ id: Type.String({ description: 'For example `key_…`.' }) }),
  response: { 204: Type.Null({ description: 'Revoked.' }), ...problems('unknown_api_key') },
};

/** /api/keys: the keys of the managed routes. */
export async function keyRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const config = { access: 'admin' } as const;

  app.post<{ Body: ApiKeyInput }>('/api/keys', { schema: createSchema, config }, async (request, reply) =>
    reply.status(201).send(await createApiKey(ctx, request.body)),
  );

  app.get(
    '/api/keys',
    { schema: listSchema, config },
    async (): Promise<ApiKeyList> => ({ keys: await listApiKeys(ctx) }),
  );

  app.delete<{ Params: { id: string } }>(
    '/api/keys/:id',
    { schema: revokeSchema, config },
    async (request, reply) => {
      await revokeApiKey(ctx, request.params.id);
      return reply.status(204).send();
    },
  );
}
