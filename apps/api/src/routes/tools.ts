import {
  DESTINATION_SCHEMAS,
  MAX_PAYLOAD_BYTES,
  TOOL_SCHEMAS,
  type ToolCheck,
  type ToolCheckBody,
} from '@agenthook/contracts';
import { type Context, checkTool } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
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

const described = (schemas: Record<string, { title?: string; description?: string }>) =>
  Object.entries(schemas).map(([type, schema]) => ({
    type,
    title: schema.title ?? type,
    description: schema.description ?? '',
    schema,
  }));
const types = described(TOOL_SCHEMAS);
const destinations = described(DESTINATION_SCHEMAS);

const listSchema = {
  operationId: 'listTools',
  summary: 'List tool types',
  description:
    'The tools that an agent can have in `tools`, and the places that its results can go to in `destinations`, each ' +
    'with the JSON Schema of its configuration.',
  tags: ['System'],
  response: {
    200: answer(
      'All types.',
      Type.Object({
        tools: Type.Array(ToolType, { description: 'The types of tools.' }),
        destinations: Type.Array(ToolType, { description: 'The types of destinations.' }),
      }),
      {
        tools: types.filter(({ type }) => type === 'web_page'),
        destinations: destinations.filter(({ type }) => type === 'slack'),
      },
    ),
  },
};

const checkSchema = {
  operationId: 'checkTool',
  summary: 'Check a tool',
  description:
    'Lets a worker open a tool as a run would, without calling it, and lists what it offers: the operations of ' +
    'an OpenAPI description, or the tools of an MCP server. Stores nothing.',
  tags: ['System'],
  body: withExamples(Type.Ref('ToolCheckBody'), {
    'an MCP server': { tool: { type: 'mcp', url: 'https://mcp.example.com/mcp' } },
    'a choice of operations': {
      tool: { type: 'openapi', spec_url: 'https://api.example.com/openapi.json', operations: ['getOrder'] },
      model: 'openai:gpt-5-mini',
    },
  }),
  response: {
    200: answer('What was found.', Type.Ref('ToolCheck'), {
      ok: false,
      problems: [
        {
          path: '/operations/0',
          code: 'unknown_operation',
          detail: 'The OpenAPI description has no operation "getOrder". Similar ones: getOrders.',
        },
      ],
      tools: [
        {
          name: 'getOrders',
          description: 'List orders',
          input_schema: { type: 'object', properties: { state: { type: 'string' } } },
          chosen: false,
        },
      ],
    } satisfies ToolCheck),
    ...problems('invalid_request', 'unknown_agent', 'unknown_model', 'redis_unavailable'),
  },
};

/** Accepts a tool's configuration as the body itself, with `model` beside its fields. */
async function wrapTool(request: FastifyRequest): Promise<void> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || !('type' in body) || 'tool' in body) return;
  const { model, agent_id, ...tool } = body as Record<string, unknown>;
  request.body = {
    tool,
    ...(model !== undefined && { model }),
    ...(agent_id !== undefined && { agent_id }),
  };
}

/** /api/tools and below. */
export async function toolRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.post<{ Body: ToolCheckBody }>(
    '/api/tools/check',
    {
      schema: checkSchema,
      config: { access: 'admin', withhold: 'nothing' },
      bodyLimit: MAX_PAYLOAD_BYTES,
      preValidation: wrapTool,
    },
    (request) => checkTool(ctx, request.body),
  );

  app.get(
    '/api/tools',
    { schema: listSchema, config: { access: 'viewer', withhold: 'nothing' } },
    preparedAnswer('application/json; charset=utf-8', () => JSON.stringify({ tools: types, destinations })),
  );
}
