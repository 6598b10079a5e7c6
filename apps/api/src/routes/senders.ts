import type { SenderInfo } from '@agenthook/contracts';
import { listSenders } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer } from '../plugins/describe.js';
import { preparedAnswer } from '../plugins/prepared-answer.js';

const senders = listSenders();

const listSchema = {
  operationId: 'listSenders',
  summary: 'List senders',
  description:
    'The senders that an agent can name in `signature`, each with the JSON Schema of its configuration, the ' +
    'steps in its settings and a sample.',
  tags: ['System'],
  response: {
    200: answer('All senders.', Type.Object({ senders: Type.Array(Type.Ref('SenderInfo')) }), {
      senders: senders.filter(({ scheme }): boolean => scheme === 'github') satisfies SenderInfo[],
    }),
  },
};

/** GET /api/senders */
export async function senderRoutes(app: FastifyInstance): Promise<void> {
  app.get(
    '/api/senders',
    { schema: listSchema, config: { access: 'viewer', withhold: 'nothing' } },
    preparedAnswer('application/json; charset=utf-8', () => JSON.stringify({ senders })),
  );
}
