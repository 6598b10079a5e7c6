import {
  type Agent,
  type AgentInput,
  AgentList,
  AgentListQuery,
  type AgentPatch,
  MAX_PAYLOAD_BYTES,
  type SavedAgent,
} from '@agenthook/contracts';
import {
  AppError,
  agentWarnings,
  type Context,
  createAgent,
  getAgent,
  listAgents,
  patchAgent,
  removeAgent,
  replaceAgent,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';
import { CONFIGURATION_REFUSALS } from './configuration-refusals.js';
import * as examples from './examples/index.js';

type ById = { Params: { id: string } };
type IfMatch = { Headers: { 'if-match'?: string } };

const params = Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) });
const headers = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description:
        'The version you read, for example `"3"`. The change is refused if there is a newer version.',
    }),
  ),
});
const agent = (description: string) => answer(description, Type.Ref('Agent'), examples.agent);
const saved = (description: string, of: object = {}) =>
  answer(description, Type.Ref('SavedAgent'), {
    ...examples.agent,
    ...of,
    warnings: [examples.agentWarning],
  });

const route = (
  access: 'viewer' | 'operator' | 'admin',
  operationId: string,
  summary: string,
  description: string,
  rest: Record<string, unknown>,
) => ({
  config: { access, withhold: 'nothing' as const },
  schema: { operationId, summary, description, tags: ['Agents'], ...rest },
});

const ROUTES = {
  create: route(
    'admin',
    'createAgent',
    'Create an agent',
    'The agent has no webhook URL yet: create one next. If its callback gets a new secret, the secret ' +
      'appears only in this answer. `warnings` says what may not work.',
    {
      body: withExamples(Type.Ref('AgentInput'), {
        support: examples.agentInput,
        'signed by its sender': examples.signedAgentInput,
      }),
      response: {
        201: saved('The agent, at version 1.', { webhook: null }),
        ...problems('invalid_request', ...CONFIGURATION_REFUSALS, 'redis_unavailable'),
      },
    },
  ),
  list: route(
    'viewer',
    'listAgents',
    'List agents',
    'Newest first, unless `sort` says otherwise. Can be searched and narrowed. `fields` gives only parts of ' +
      'each agent, for example without prompts. A page of very large agents is shorter than `limit`; ' +
      '`next_cursor` says whether there are more.',
    {
      querystring: AgentListQuery,
      response: {
        200: answer('A page of agents.', AgentList, { agents: [examples.agent], next_cursor: null }),
        ...problems('invalid_request', 'unauthorized', 'redis_unavailable'),
      },
    },
  ),
  get: route('viewer', 'getAgent', 'Get an agent', "The ETag is the agent's version, for If-Match.", {
    params,
    response: { 200: agent('The agent.'), ...problems('unknown_agent', 'redis_unavailable') },
  }),
  replace: route(
    'admin',
    'replaceAgent',
    'Replace an agent',
    'Saves a new version. Missing fields get their defaults. `warnings` says what may not work.',
    {
      params,
      headers,
      body: withExamples(Type.Ref('AgentInput'), { support: examples.agentInput }),
      response: { 200: saved('The agent with its new version.'), ...changeProblems() },
    },
  ),
  patch: route(
    'admin',
    'patchAgent',
    'Change an agent',
    'Saves a new version. Missing fields stay unchanged. `warnings` says what may not work.',
    {
      params,
      headers,
      body: withExamples(Type.Ref('AgentPatch'), {
        model: { model: 'openai:gpt-5-mini' },
        'a new secret beside the old one': {
          signature: { scheme: 'github', secret: 'a new secret', previous_secret: true },
        },
      }),
      response: { 200: saved('The agent with its new version.'), ...changeProblems() },
    },
  ),
  remove: route(
    'admin',
    'deleteAgent',
    'Delete an agent',
    'Its webhook URL stops working at once. Tasks that wait for a decision end with `agent_unavailable` at once, ' +
      'and leave the list of approvals; other waiting ones do when they come to a worker.',
    {
      params,
      response: {
        204: Type.Null({ description: 'Deleted.' }),
        ...problems('unknown_agent', 'redis_unavailable'),
      },
    },
  ),
};

function changeProblems() {
  return problems(
    'invalid_request',
    'unknown_agent',
    'version_conflict',
    ...CONFIGURATION_REFUSALS,
    'too_many_versions',
    'redis_unavailable',
  );
}

/**
 * The version in an If-Match header (RFC 9110, 13.1.1): `"3"`, `W/"3"` or `3`; undefined if missing or `*`.
 */
function versionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^(?:W\/)?"?(\d+)"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new AppError('invalid_request', 'If-Match must be the version you read, for example "3".');
  return Number(version);
}

const saveOf = ({ headers, caller }: FastifyRequest) => ({
  ifVersion: versionOf(headers['if-match']),
  savedBy: caller?.name ?? null,
});

const send = (reply: FastifyReply, saved: Agent, status = 200) =>
  reply.status(status).header('etag', `"${saved.version}"`).send(saved);

/** /api/agents and /api/agents/:id */
export async function agentRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  const bodyLimit = MAX_PAYLOAD_BYTES;
  const checked = async (agent: Agent): Promise<SavedAgent> => ({
    ...agent,
    warnings: await agentWarnings(ctx, agent.id, agent.version),
  });

  app.post<{ Body: AgentInput }>('/api/agents', { ...ROUTES.create, bodyLimit }, async (request, reply) => {
    const created = await createAgent(ctx, request.body, settings.defaultModel, request.caller?.name);
    return send(reply.header('location', `/api/agents/${created.id}`), await checked(created), 201);
  });

  app.get<{ Querystring: AgentListQuery }>('/api/agents', ROUTES.list, async ({ query }, reply) => {
    const page = await listAgents(ctx, query);
    if (query.fields === undefined) return page;
    // The schema of the answer requires every field.
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(page));
  });

  app.get<ById>('/api/agents/:id', ROUTES.get, async (request, reply) =>
    send(reply, await getAgent(ctx, request.params.id)),
  );

  app.put<ById & IfMatch & { Body: AgentInput }>(
    '/api/agents/:id',
    { ...ROUTES.replace, bodyLimit },
    async (request, reply) => {
      const { id } = request.params;
      const replaced = await replaceAgent(ctx, id, request.body, settings.defaultModel, saveOf(request));
      return send(reply, await checked(replaced));
    },
  );

  app.patch<ById & IfMatch & { Body: AgentPatch }>(
    '/api/agents/:id',
    { ...ROUTES.patch, bodyLimit },
    async (request, reply) =>
      send(reply, await checked(await patchAgent(ctx, request.params.id, request.body, saveOf(request)))),
  );

  app.delete<ById>('/api/agents/:id', ROUTES.remove, async (request, reply) => {
    await removeAgent(ctx, request.params.id);
    return reply.status(204).send();
  });
}
