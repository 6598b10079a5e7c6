import {
  DEFAULT_SHARE_SECONDS,
  type Share,
  type ShareCreated,
  type SharedInput,
  SharedInput as SharedInputSchema,
  type SharedRun,
  type ShareInput,
  ShareInput as ShareInputSchema,
  ShareList,
} from '@agenthook/contracts';
import { AppError, type Context, createShare, listShares, openShare, revokeShare } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';
import * as examples from './examples/index.js';

/** Small, because anyone may try. In bytes. */
const TOKEN_BYTES = 1024;
const NO_PAYLOADS = 'A key that may not see payloads can only share the status.';
const params = Type.Object({ id: Type.String({ description: 'The task id.' }) });

const share: Share = {
  id: 'shr_019a5c3e7d210f0e1d2c3b4a5968',
  shows: 'answer',
  created_at: '2026-11-22T09:00:00.000Z',
  created_by: 'support',
  expires_at: '2026-11-29T09:00:00.000Z',
};

const createSchema = {
  tags: ['Tasks'],
  params,
  operationId: 'shareTask',
  summary: 'Share a run with people without a key',
  description:
    'Makes a link to a page that shows the run, as much of it as `shows` says, as it is when the page is opened. ' +
    'The link ends by itself, and can be revoked. Only a key that may see payloads can share more than the status.',
  body: withExamples(ShareInputSchema, {
    'the answer, for a week': { shows: 'answer' },
    'everything, for an hour': { shows: 'full', expires_in_seconds: 3_600 },
  } satisfies Record<string, ShareInput>),
  response: {
    201: answer('The link, which is returned only once.', Type.Ref('ShareCreated'), {
      ...share,
      url: 'https://hooks.example.com/shared#ahr_…',
    } satisfies ShareCreated),
    ...problems(
      'invalid_request',
      'unknown_task',
      'too_many_shares',
      'redis_unavailable',
      'archive_unavailable',
      'texts_sealed',
    ),
  },
};

const listSchema = {
  tags: ['Tasks'],
  params,
  operationId: 'listShares',
  summary: 'List the share links of a run',
  description: 'The valid ones, newest first, without their secrets.',
  response: {
    200: answer('The links.', ShareList, { shares: [share] }),
    ...problems('unknown_task', 'redis_unavailable', 'archive_unavailable', 'texts_sealed'),
  },
};

const revokeSchema = {
  tags: ['Tasks'],
  params: Type.Object({ ...params.properties, share_id: Type.String() }),
  operationId: 'revokeShare',
  summary: 'Revoke a share link',
  description: 'From now on, it is answered as one that never existed.',
  response: {
    204: Type.Null({ description: 'Revoked.' }),
    ...problems('unknown_share', 'redis_unavailable'),
  },
};

const openSchema = {
  tags: ['Tasks'],
  operationId: 'openShare',
  summary: 'Read a shared run',
  description:
    'What the page of a share link calls. Unknown, expired and revoked links have the same answer.',
  body: withExamples(SharedInputSchema, { link: { token: 'ahr_…' } }),
  response: {
    200: answer('The run.', Type.Ref('SharedRun'), {
      shows: 'answer',
      expires_at: share.expires_at,
      agent_name: examples.agent.name,
      state: { ...examples.taskState, result: { answer: 'Turn it off and on again.' } },
      trace: null,
    } satisfies SharedRun),
    ...problems('invalid_request', 'unknown_share', 'redis_unavailable'),
  },
};

type ById = { Params: { id: string } };

/** Links to runs for people without an API key. */
export async function taskShareRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  app.post<ById & { Body: ShareInput }>(
    '/api/tasks/:id/share',
    { schema: createSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply): Promise<ShareCreated> => {
      const { caller, body } = request;
      if (body.shows !== 'status' && !caller?.see_payloads) throw new AppError('forbidden', NO_PAYLOADS);
      const made = await createShare(ctx, request.params.id, {
        shows: body.shows,
        seconds: body.expires_in_seconds ?? DEFAULT_SHARE_SECONDS,
        by: caller?.name ?? null,
      });
      reply.status(201).header('cache-control', 'no-store');
      return { ...made.share, url: `${settings.publicUrl(request)}/shared#${made.token}` };
    },
  );

  app.get<ById>(
    '/api/tasks/:id/shares',
    { schema: listSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request) => ({ shares: await listShares(ctx, request.params.id) }),
  );

  app.delete<{ Params: { id: string; share_id: string } }>(
    '/api/tasks/:id/shares/:share_id',
    { schema: revokeSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      await revokeShare(ctx, request.params.id, request.params.share_id);
      return reply.status(204).send();
    },
  );

  app.post<{ Body: SharedInput }>(
    '/api/shared',
    { schema: openSchema, config: { access: 'public' }, bodyLimit: TOKEN_BYTES },
    async (request, reply): Promise<SharedRun> => {
      reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
      return await openShare(ctx, request.body.token);
    },
  );
}
