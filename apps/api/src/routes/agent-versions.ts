import { AgentVersionList, Cursor, MAX_VERSION_BYTES, MAX_VERSIONS } from '@agenthook/contracts';
import { type Context, getVersion, listVersions } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const params = Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) });

const listSchema = {
  operationId: 'listAgentVersions',
  summary: 'List the versions of an agent',
  description:
    'Newest first, without configurations; read one by its number. Versions never change. The ' +
    `${MAX_VERSIONS} newest are kept, up to ${MAX_VERSION_BYTES / 1024 / 1024} MiB. A version that ` +
    'unfinished tasks use is kept until they end.',
  tags: ['Agents'],
  params,
  querystring: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Cursor()),
  }),
  response: {
    200: answer('A page of versions.', AgentVersionList, {
      versions: [examples.agentVersionSummary],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'unknown_agent', 'redis_unavailable'),
  },
};

const versionSchema = {
  operationId: 'getAgentVersion',
  summary: 'Get a version of an agent',
  description: "The agent's configuration at that version.",
  tags: ['Agents'],
  params: Type.Object({ ...params.properties, version: Type.Integer({ minimum: 1 }) }),
  response: {
    200: answer('The version.', Type.Ref('AgentVersion'), examples.agentVersion),
    ...problems('invalid_request', 'unknown_agent', 'unknown_version', 'redis_unavailable'),
  },
};

type Paged = { Params: { id: string }; Querystring: { limit: number; cursor?: string } };
type ByVersion = { Params: { id: string; version: number } };

/** /api/agents/:id/versions and below. */
export async function agentVersionRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<Paged>(
    '/api/agents/:id/versions',
    { schema: listSchema, config: { access: 'viewer', withhold: 'nothing' } },
    (request) => listVersions(ctx, request.params.id, request.query),
  );

  app.get<ByVersion>(
    '/api/agents/:id/versions/:version',
    { schema: versionSchema, config: { access: 'viewer', withhold: 'nothing' } },
    (request) => getVersion(ctx, request.params.id, request.params.version),
  );
}
