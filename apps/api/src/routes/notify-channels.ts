import {
  MAX_CHANNELS,
  MAX_DELIVERIES,
  type Notification,
  type NotificationList,
  NotificationQuery,
  type NotifyChannel,
  NotifyChannelInput,
  type NotifyChannelList,
  type NotifyChannelPatch,
} from '@agenthook/contracts';
import {
  type Context,
  changeChannel,
  createChannel,
  deleteChannel,
  getChannel,
  listChannels,
  listNotifications,
  testChannel,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';

const id = Type.String({ description: 'Its id, `ntc_…`, or its name.' });
const common = { tags: ['Notify channels'] };
const one = { ...common, params: Type.Object({ id }) };

const example: NotifyChannel = {
  id: 'ntc_7d3c0a91b2e4f5061728394a',
  name: 'on-call',
  type: 'slack',
  url: true,
  created_at: '2026-11-29T09:00:00.000Z',
  updated_at: '2026-11-29T09:00:00.000Z',
};

const notification: Notification = {
  id: 'nt-1f0c7a2b9d3e4f5061728394a5b6c7d8',
  channel_id: example.id,
  type: 'test',
  receiver: 'Slack',
  task_id: null,
  status: 'delivered',
  reason: null,
  attempts: [
    {
      at: '2026-11-29T09:05:00.000Z',
      response_status: 200,
      error: null,
      duration_ms: 84,
      response_excerpt: 'ok',
    },
  ],
  next_attempt_at: null,
  created_at: '2026-11-29T09:05:00.000Z',
};

const listSchema = {
  ...common,
  operationId: 'listNotifyChannels',
  summary: 'List the notify channels',
  description: 'By name. Secrets are never shown.',
  response: {
    200: answer('All channels.', Type.Ref('NotifyChannelList'), { channels: [example] }),
    ...problems('redis_unavailable'),
  },
};

const createSchema = {
  ...common,
  operationId: 'createNotifyChannel',
  summary: 'Create a notify channel',
  description:
    'A way by which people are told: Slack, Discord, Telegram, a signed webhook or mail. Agents name the ' +
    `channels that are told in \`notify\`. At most ${MAX_CHANNELS} channels may exist.`,
  body: withExamples(NotifyChannelInput, {
    slack: { name: 'on-call', type: 'slack', url: 'https://hooks.slack.com/services/T000/B000/XXXX' },
    telegram: {
      name: 'phone',
      type: 'telegram',
      token: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5',
      chat_id: '-1001',
    },
    webhook: { name: 'pager', type: 'webhook', url: 'https://pager.example.com/hooks/agenthook' },
    mail: { name: 'team', type: 'email', to: ['ops@example.com'], from: 'agenthook@example.com' },
  }),
  response: {
    201: answer('The channel.', Type.Ref('NotifyChannel'), example),
    ...problems('invalid_request', 'channel_exists', 'too_many_channels', 'redis_unavailable'),
  },
};

const readSchema = {
  ...one,
  operationId: 'getNotifyChannel',
  summary: 'Read a notify channel',
  response: {
    200: answer('The channel.', Type.Ref('NotifyChannel'), example),
    ...problems('unknown_channel', 'redis_unavailable'),
  },
};

const patchSchema = {
  ...one,
  operationId: 'patchNotifyChannel',
  summary: 'Change a notify channel',
  description:
    'Fields that are left out stay, secrets included. A channel keeps its name and its type. What waits for its ' +
    'next attempt goes to the new address.',
  body: withExamples(Type.Ref('NotifyChannelPatch'), {
    'another address': { url: 'https://hooks.slack.com/services/T000/B000/YYYY' },
  }),
  response: {
    200: answer('The channel.', Type.Ref('NotifyChannel'), example),
    ...problems('invalid_request', 'unknown_channel', 'busy', 'redis_unavailable'),
  },
};

const deleteSchema = {
  ...one,
  operationId: 'deleteNotifyChannel',
  summary: 'Delete a notify channel',
  description:
    'What was still to be told through it is skipped. Agents and rules that name it tell the others.',
  response: {
    204: Type.Null({ description: 'Deleted.' }),
    ...problems('unknown_channel', 'redis_unavailable'),
  },
};

const testSchema = {
  ...one,
  operationId: 'testNotifyChannel',
  summary: 'Send a test message',
  description:
    'A worker sends it, as it sends every message, and makes one attempt. The answer says how that ended; it is ' +
    '`pending` if no worker has sent it within 20 s.',
  response: {
    200: answer('The message and its attempt.', Type.Ref('Notification'), notification),
    ...problems('unknown_channel', 'redis_unavailable'),
  },
};

const logSchema = {
  ...one,
  operationId: 'listNotifications',
  summary: 'List what a channel was told',
  description: `Newest first, each with its last 20 attempts. The last ${MAX_DELIVERIES} are kept.`,
  querystring: NotificationQuery,
  response: {
    200: answer('A page of messages.', Type.Ref('NotificationList'), {
      notifications: [notification],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'unknown_channel', 'redis_unavailable'),
  },
};

/** A message without its receiver's answers. */
const withoutAnswers = (told: Notification): Notification => ({
  ...told,
  attempts: told.attempts.map((attempt) => ({ ...attempt, response_excerpt: null })),
});
const pageWithoutAnswers = (page: NotificationList): NotificationList => ({
  ...page,
  notifications: page.notifications.map(withoutAnswers),
});

type ById = { Params: { id: string } };

/** /api/notify-channels: how people are told. */
export async function notifyChannelRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const read = { access: 'viewer', withhold: 'nothing' } as const;
  const change = { access: 'admin' } as const;

  app.get(
    '/api/notify-channels',
    { schema: listSchema, config: read },
    async (): Promise<NotifyChannelList> => ({ channels: await listChannels(ctx) }),
  );

  app.post<{ Body: NotifyChannelInput }>(
    '/api/notify-channels',
    { schema: createSchema, config: change },
    async (request, reply) => reply.status(201).send(await createChannel(ctx, request.body)),
  );

  app.get<ById>('/api/notify-channels/:id', { schema: readSchema, config: read }, (request) =>
    getChannel(ctx, request.params.id),
  );

  app.patch<ById & { Body: NotifyChannelPatch }>(
    '/api/notify-channels/:id',
    { schema: patchSchema, config: change },
    (request) => changeChannel(ctx, request.params.id, request.body),
  );

  app.delete<ById>(
    '/api/notify-channels/:id',
    { schema: deleteSchema, config: change },
    async (request, reply) => {
      await deleteChannel(ctx, request.params.id);
      return reply.status(204).send();
    },
  );

  app.post<ById>(
    '/api/notify-channels/:id/test',
    { schema: testSchema, config: { access: 'operator', withhold: withoutAnswers } },
    (request) => testChannel(ctx, request.params.id),
  );

  app.get<ById & { Querystring: NotificationQuery }>(
    '/api/notify-channels/:id/notifications',
    { schema: logSchema, config: { access: 'viewer', withhold: pageWithoutAnswers } },
    (request) => listNotifications(ctx, request.params.id, request.query),
  );
}
