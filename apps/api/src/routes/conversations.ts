import { type Conversation, ConversationList, ConversationQuery } from '@agenthook/contracts';
import {
  type Context,
  conversationDetailWithoutContent,
  conversationWithoutContent,
  deleteConversation,
  getConversation,
  listConversations,
} from '@agenthook/core';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const common = { tags: ['Conversations'] };
const params = Type.Object({ id: Type.String({ description: 'For example `cnv_…`.' }) });

const listSchema = {
  ...common,
  operationId: 'listConversations',
  summary: 'List conversations',
  description:
    'The one with the latest event comes first. Events continue one conversation if the `conversation.key` of ' +
    'their agent renders to the same text.',
  querystring: ConversationQuery,
  response: {
    200: answer('A page of conversations.', ConversationList, {
      conversations: [examples.conversation],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const readSchema = {
  ...common,
  operationId: 'getConversation',
  summary: 'Read a conversation',
  description:
    'Its turns are what the next run sees, before the oldest are left out because of `max_tokens`. A task adds a ' +
    'turn when it ends `SUCCESS`.',
  params,
  response: {
    200: answer('The conversation.', Type.Ref('ConversationDetail'), examples.conversationDetail),
    ...problems('unknown_conversation', 'redis_unavailable', 'archive_unavailable', 'texts_sealed'),
  },
};

const deleteSchema = {
  ...common,
  operationId: 'deleteConversation',
  summary: 'Delete a conversation',
  description:
    'Erases its key and its turns for good. The next event with this key begins a new conversation. Tasks stay; ' +
    'DELETE /api/tasks/{id} erases one. Tasks that have not ended still run, in their order, without the ' +
    'deleted turns, and add no turn.',
  params,
  response: {
    204: Type.Null({ description: 'Deleted.' }),
    ...problems('unknown_conversation', 'redis_unavailable'),
  },
};

/** Hides the keys of a page of conversations. */
const pageWithoutContent = ({ conversations, ...page }: { conversations: Conversation[] }) => ({
  ...page,
  conversations: conversations.map(conversationWithoutContent),
});

/** /api/conversations and below. */
export async function conversationRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Querystring: Static<typeof ConversationQuery> }>(
    '/api/conversations',
    { schema: listSchema, config: { access: 'viewer', withhold: pageWithoutContent } },
    async (request) => {
      const { agent_id, key, limit, cursor } = request.query;
      return await listConversations(ctx, { agentId: agent_id, key }, { limit, cursor });
    },
  );

  app.get<{ Params: { id: string } }>(
    '/api/conversations/:id',
    { schema: readSchema, config: { access: 'viewer', withhold: conversationDetailWithoutContent } },
    (request) => getConversation(ctx, request.params.id),
  );

  app.delete<{ Params: { id: string } }>(
    '/api/conversations/:id',
    { schema: deleteSchema, config: { access: 'admin' } },
    async (request, reply) => {
      await deleteConversation(ctx, request.params.id);
      return reply.status(204).send();
    },
  );
}
