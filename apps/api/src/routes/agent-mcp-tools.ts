import { AcceptMcpToolsBody, type McpPins } from '@agenthook/contracts';
import { acceptMcpTools, type Context, listMcpTools } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from './describe.js';
import * as examples from './examples.js';

const common = {
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'As in `agt_…`.' }) }),
};

const list = {
  ...common,
  operationId: 'listMcpTools',
  summary: "List what is pinned of an agent's MCP servers",
  description:
    'The first run of an agent pins the names, descriptions and schemas of the tools that each of its MCP servers offers. ' +
    'A tool that changed or is new since is not offered to the model before it is accepted; here both versions are shown.',
  response: {
    200: answer('Each tool of the type `mcp` that pins.', Type.Ref('McpPins'), examples.mcpPins),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const accept = {
  ...common,
  operationId: 'acceptMcpTools',
  summary: 'Accept what an MCP server offers now',
  description:
    'Pins the list that was read, by its `revision`: its tools are offered from the next run on. Where a run has seen ' +
    'another list meanwhile, it is refused with `version_conflict`.',
  body: withExamples(AcceptMcpToolsBody, {
    'the list that was read': { tool: 'calendar', revision: '4pDq3oXQm1b7V0y2cRzE9A' },
  }),
  response: {
    200: answer('What is pinned now.', Type.Ref('McpPins'), examples.mcpPins),
    ...problems('invalid_request', 'unknown_agent', 'version_conflict', 'redis_unavailable'),
  },
};

type ById = { Params: { id: string } };

/** /api/agents/:id/mcp-tools: what is pinned of MCP servers, and what differs from it. */
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
