import type { TaskAccepted } from '@agenthook/contracts';
import { type Context, trigger } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../plugins/problems.js';
import { answer, problems, withExamples } from './describe.js';
import * as examples from './examples.js';

const PATH = '/api/webhooks/agents/:token';

const schema = {
  operationId: 'triggerAgent',
  summary: 'Fire an agent',
  description:
    'Stores the payload as a task of the agent and answers at once. 200 means that the task is stored; it then runs ' +
    'even if every process is restarted. The token in the URL is the credential; it is compared with its case.',
  tags: ['Webhooks'],
  params: Type.Object({ token: Type.String({ description: 'The secret token, `whk_…`.' }) }),
  body: Type.Unsafe({
    content: {
      'application/json': {
        schema: withExamples(Type.Unsafe({ description: 'Any JSON value but null.' }), {
          question: { question: 'My printer does not print. What now?' },
          'rehearse a failure that passes (sandbox:echo)': {
            sandbox: { steps: [{ fail: 'unavailable', fail_times: 1 }], reply: 'Done at the second try.' },
          },
        }),
      },
      'application/x-www-form-urlencoded': {
        schema: Type.Unsafe({
          type: 'object',
          additionalProperties: true,
          description: 'Becomes an object.',
        }),
      },
    },
  }),
  response: {
    200: {
      ...answer('The task is stored.', Type.Ref('TaskAccepted'), {
        task_id: examples.taskId,
      } satisfies TaskAccepted),
      headers: { Location: { type: 'string', description: 'Where to read its status.' } },
    },
    ...problems(
      'invalid_json',
      'empty_body',
      'agent_disabled',
      'unknown_webhook',
      'method_not_allowed',
      'payload_too_large',
      'unsupported_media_type',
      'redis_unavailable',
    ),
  },
};

const MEDIA_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** POST /api/webhooks/agents/:token */
export async function webhookRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  // The raw bytes go to the domain: it refuses unknown tokens before it parses, and signatures are over bytes.
  app.removeAllContentTypeParsers();
  for (const type of Object.values(MEDIA_TYPES)) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }

  app.post<{ Params: { token: string }; Body: Buffer | undefined }>(
    PATH,
    { schema },
    async (request, reply) => {
      const outcome = await trigger(ctx, {
        token: request.params.token,
        body: request.body ?? Buffer.alloc(0),
        contentType: request.headers['content-type']?.startsWith(MEDIA_TYPES.form) ? 'form' : 'json',
        headers: request.headers,
      });
      switch (outcome.outcome) {
        case 'accepted':
          request.logged = { task_id: outcome.task_id };
          return reply
            .header('location', `/api/task_status?task_id=${outcome.task_id}`)
            .send({ task_id: outcome.task_id });
        case 'unknown_webhook':
          return sendProblem(
            reply,
            'unknown_webhook',
            'No webhook has this address. It may have been rotated or revoked.',
          );
        case 'agent_disabled':
          return sendProblem(reply, 'agent_disabled', 'The agent of this webhook is disabled.');
        case 'rejected':
          request.logged = { agent_id: outcome.agent_id, code: outcome.code };
          return sendProblem(reply, outcome.code, outcome.detail);
      }
    },
  );

  // Link previews and mail scanners fire GETs: nothing but POST runs an agent.
  app.route({
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    url: PATH,
    schema: { hide: true },
    handler: refuseMethod,
    onRequest: refuseMethod,
  });
}

async function refuseMethod(_request: FastifyRequest, reply: FastifyReply) {
  reply.header('allow', 'POST');
  return sendProblem(reply, 'method_not_allowed', 'Webhooks take POST. A GET never runs an agent.');
}
