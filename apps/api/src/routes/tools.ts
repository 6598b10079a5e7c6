import { TOOL_SCHEMAS } from '@agenthook/contracts';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { requireApiKey } from '../plugins/api-key.js';
import type { ApiSettings } from '../settings.js';
import { API_KEY, answer, problems } from './describe.js';

const ToolType = Type.Object({
  type: Type.String(),
  title: Type.String(),
  description: Type.String({ description: 'For people.' }),
  schema: Type.Unsafe({
    type: 'object',
    additionalProperties: true,
    description: 'JSON Schema of its configuration.',
  }),
});

const types = Object.entries(TOOL_SCHEMAS).map(([type, schema]) => ({
  type,
  title: schema.title ?? type,
  description: schema.description ?? '',
  schema,
}));

const listSchema = {
  operationId: 'listTools',
  summary: 'List the types of tools',
  description: 'What an agent can be given in `tools`, each with the JSON Schema of its configuration.',
  tags: ['System'],
  security: API_KEY,
  response: {
    200: answer('All types.', Type.Object({ tools: Type.Array(ToolType) }), {
      tools: types.filter(({ type }) => type === 'web_page'),
    }),
    ...problems('unauthorized'),
  },
};

/** GET /api/tools */
export const toolRoutes: FastifyPluginAsyncTypebox<{ settings: ApiSettings }> = async (app, { settings }) => {
  app.get('/api/tools', { schema: listSchema, onRequest: requireApiKey(settings.adminApiKey) }, async () => ({
    tools: types,
  }));
};
