import { AcceptMcpToolsBody, type McpPins } from '@agenthook/contracts';
import { acceptMcpTools, type Context, listMcpTools } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const common = {
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
};

const list = {
  ...common,
  operationId: 'listMcpTools',
  summary: "List the pinned tools of an agent's MCP servers",
  description:
    "An agent's first run pins the names, descriptions and schemas of the tools that each of its MCP " +
    'servers offers. A tool that is new or has changed since then is not offered to the model until ' +
    'someone accepts it. This route shows both versions.',
  response: {
    200: answer('Each tool of type `mcp` that pins.', Type.Ref('McpPins'), examples.mcpPins),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const accept = {
  ...common,
  operationId: 'acceptMcpTools',
  summary: 'Accept the current tools of an MCP server',
  description:
    'Pins the list that you have read, named by its `revision`. Its tools are offered from the next ' +
    'run on. Answers `version_conflict` if a run has seen another list in the meantime.',
  body: withExamples(AcceptMcpToolsBody, {
    'the list that was read': { tool: 'calendar', revision: '4pDq3oXQm1b7V0y2cRzE9A' },
  }),
  response: {
    200: answer('The pinned tools.', Type.Ref('McpPins'), examples.mcpPins),
    ...problems('invalid_request', 'unknown_agent', 'version_conflict', 'redis_unavailable'),
  },
};

type ById = { Params: { id: string } };

/** /api/agents/:id/mcp-tools: the pinned tools of MCP servers, and how the current ones differ. */
export async function agentMcpToolRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<ById>(
    '/api/agents/:id/mcp-tools',
    { schema: list, config: { access: 'viewer', withhold: 'nothing' } },
    (request): Promise<McpPins> => listMcpTools(ctx, request.params.id),
  );

  app.post<ById & { Body: AcceptMcpToolsBody }>(
    '/api/agents/:id/mcp-tools/accept',
    { schema: accept, config: { access: 'admin' } },
    (request): Promise<McpPins> => acceptMcpTools(ctx, request.params.id, request.body),
  );
}
