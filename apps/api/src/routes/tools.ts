import { TOOL_SCHEMAS } from '@agenthook/contracts';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer } from '../plugins/describe.js';
import { preparedAnswer } from '../plugins/prepared-answer.js';

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
  summary: 'List tool types',
  description: 'The tools that an agent can have in `tools`, each with the JSON Schema of its configuration.',
  tags: ['System'],
  response: {
    200: answer('All types.', Type.Object({ tools: Type.Array(ToolType) }), {
      tools: types.filter(({ type }) => type === 'web_page'),
    }),
  },
};

/** GET /api/tools */
export async function toolRoutes(app: FastifyInstance): Promise<void> {
  app.get(
    '/api/tools',
    { schema: listSchema, config: { access: 'viewer', withhold: 'nothing' } },
    preparedAnswer('application/json; charset=utf-8', () => JSON.stringify({ tools: types })),
  );
}
