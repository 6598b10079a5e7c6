import { type ApiKey, ApiKeyInput, ApiKeyList, MAX_API_KEYS, type MadeApiKey } from '@agenthook/contracts';
import { type Context, createApiKey, listApiKeys, revokeApiKey } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from './describe.js';

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
  summary: 'Make an API key',
  description:
    'The answer has the key itself, this once: only a hash of it is kept. There may be ' +
    `${MAX_API_KEYS} keys. The key of the environment, ADMIN_API_KEY, is not among them: it is always an admin's.`,
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
  description: 'Newest first, expired ones too; never the keys themselves.',
  response: { 200: answer('All stored keys.', ApiKeyList, { keys: [example] }) },
};

const revokeSchema = {
  ...common,
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key',
  description: 'It ends at once, and what is signed in with it.',
  params: Type.Object({ id: Type.String({ description: 'As in `key_…`.' }) }),
  response: { 204: Type.Null({ description: 'Revoked.' }), ...problems('unknown_api_key') },
};

/** /api/keys: who may call the managed routes. */
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
