import {
  type EventFiltered,
  IDEMPOTENCY_HEADER,
  MAX_IDEMPOTENCY_KEY,
  MAX_PAYLOAD_BYTES,
  MAX_WAIT_SECONDS,
  PREFER_HEADER,
  PREFERENCE_APPLIED_HEADER,
  REPLAYED_HEADER,
  type TaskAccepted,
} from '@agenthook/contracts';
import {
  AppError,
  type InboundRequest,
  noteUnreadRejection,
  type TriggerOutcome,
  trigger,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { toAppError } from '../plugins/problems.js';
import type { ApiSettings } from '../settings.js';
import * as examples from './examples/index.js';
import { answerTo, type Replying } from './reply-to-sender.js';
import { answerOf, METHOD_REFUSED, type TriggerAnswer } from './trigger-answer.js';

const PATH = '/api/webhooks/agents/:token';

const common = {
  tags: ['Webhooks'],
  params: Type.Object({
    token: Type.String({ description: 'The secret token, `whk_…` unless it was brought along.' }),
  }),
  headers: Type.Object({
    [IDEMPOTENCY_HEADER]: Type.Optional(
      Type.String({
        maxLength: MAX_IDEMPOTENCY_KEY,
        description:
          'Makes retries safe. For 24 hours (or while results are kept, if that is shorter), a ' +
          "request with the same key on the same agent returns the first request's task. Up to " +
          `${MAX_IDEMPOTENCY_KEY} visible ASCII characters, for example a UUID. An empty key counts as none.`,
      }),
    ),
    [PREFER_HEADER]: Type.Optional(
      Type.String({
        description:
          '`wait=30`: answers with the state and result of the task if it ends within 30 seconds, at most ' +
          `${MAX_WAIT_SECONDS}, and with \`Preference-Applied\`; otherwise as without it (RFC 7240). ` +
          '`respond-async`: does not wait for a result that the agent would answer with.',
      }),
    ),
  }),
};

const stored = {
  ...answer('The task is stored.', Type.Ref('TaskAccepted'), {
    success: true,
    task_id: examples.taskId,
  } satisfies TaskAccepted),
  headers: {
    Location: { type: 'string', description: 'Where to read its status.' },
    [REPLAYED_HEADER]: {
      type: 'string',
      enum: ['true'],
      description: 'Only on a retry: this is the task of the first request with the same Idempotency-Key.',
    },
    [PREFERENCE_APPLIED_HEADER]: {
      type: 'string',
      description: 'The preference that was heeded: with `wait=…`, the body is the state of the ended task.',
    },
  },
};

/** An agent's own answer has any of its media types. */
const late = {
  ...answer(
    'The agent answers with the result, and the task has not ended within its `response.wait_seconds`.',
    Type.Ref('TaskAccepted'),
    { success: true, task_id: examples.taskId } satisfies TaskAccepted,
  ),
  headers: { Location: stored.headers.Location },
};

/** The requests that are answered without creating a task. */
const TRIED_OUT = "a sender's test of the URL: Slack's `url_verification`, GitHub's `ping`";

const taskOrAnswer = {
  'application/json': {
    schema: {
      anyOf: [
        Type.Ref('TaskAccepted'),
        Type.Ref('EventFiltered'),
        Type.Ref('PublicState'),
        Type.Record(Type.String(), Type.String()),
      ],
    },
    examples: {
      task: { value: { success: true, task_id: examples.taskId } satisfies TaskAccepted },
      'not for this agent': {
        value: { success: true, task_id: null, filtered: true } satisfies EventFiltered,
      },
      'Prefer: wait': { value: examples.taskState },
      "Slack's url_verification": {
        value: { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' },
      },
      "GitHub's ping": { value: { message: 'pong' } },
    },
  },
};

const post = {
  ...common,
  operationId: 'triggerAgent',
  summary: 'Trigger an agent',
  description:
    'Stores the payload as a task of the agent and answers at once. 200 means that the task is ' +
    'stored; it then runs even if every process restarts. The token in the URL is the credential and ' +
    'is case-sensitive. If the agent has a `signature`, the sender must sign its requests, and the ' +
    "sender's own delivery id makes retries safe. An event that the agent's `filter` leaves out is answered " +
    'with 200 and `"filtered": true`, and creates no task.',
  body: Type.Unsafe({
    content: {
      'application/json': {
        schema: withExamples(Type.Unsafe({ description: 'Any JSON value except null.' }), {
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
          description: 'Converted to an object.',
        }),
      },
    },
  }),
  response: {
    200: {
      ...stored,
      description:
        `${stored.description} Or the answer to ${TRIED_OUT}. An agent with a \`response\` has a status, a ` +
        'media type and a body of its own.',
      content: taskOrAnswer,
    },
    202: late,
    ...problems(
      'invalid_json',
      'invalid_form',
      'empty_body',
      'invalid_idempotency_key',
      'invalid_signature',
      'handshake_refused',
      'agent_disabled',
      'unknown_webhook',
      'method_not_allowed',
      'payload_too_large',
      'unsupported_media_type',
      'idempotency_key_reused',
      'invalid_payload',
      'rate_limited',
      'too_many_pending',
      'busy',
      'redis_unavailable',
    ),
  },
};

const get = {
  ...common,
  operationId: 'triggerAgentByGet',
  summary: 'Trigger an agent by opening its URL',
  description:
    'Only if the agent sets `allow_get`; otherwise, and for unknown tokens, the answer is 405. The ' +
    'query string is the payload, parsed like a form. **Anything that opens the link runs the ' +
    'agent:** chat previews, mail scanners, browsers that prefetch. HEAD never does.',
  querystring: Type.Unsafe({
    type: 'object',
    style: 'form',
    explode: true,
    properties: {
      payload: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Each parameter becomes a field of the payload; a repeated one becomes a list.',
        example: { question: 'My printer does not print. What now?' },
      },
    },
  }),
  response: {
    200: stored,
    202: late,
    ...problems(
      'invalid_form',
      ['empty_body', 'The URL has no query string. Send the payload there, for example ?question=….'],
      'invalid_idempotency_key',
      'invalid_signature',
      'handshake_refused',
      'agent_disabled',
      'method_not_allowed',
      'idempotency_key_reused',
      'invalid_payload',
      'rate_limited',
      'too_many_pending',
      'busy',
      'redis_unavailable',
    ),
  },
};

const MEDIA_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

type ByToken = { Params: { token: string } };

/** POST and, for agents that allow it, GET /api/webhooks/agents/:token */
export async function webhookRoutes(
  app: FastifyInstance,
  { ctx, settings, waiters }: Replying,
): Promise<void> {
  // The domain receives the raw bytes: it refuses unknown tokens before parsing, and signatures cover bytes.
  app.removeAllContentTypeParsers();
  for (const type of Object.values(MEDIA_TYPES)) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
  // The schemas are documentation: the domain makes the checks, each with its own code.
  app.setValidatorCompiler(() => () => true);

  // Too large or of the wrong type: refused before there is a body to pass on.
  app.addHook('onError', async (request, _reply, error: FastifyError) => {
    const { code, message } = toAppError(error, request.routeOptions.bodyLimit);
    if (code !== 'payload_too_large' && code !== 'unsupported_media_type') return;
    const { method, headers, params } = request;
    const length = Number(headers['content-length'] ?? Number.NaN);
    const unread = { method, headers, bodyBytes: Number.isSafeInteger(length) ? length : null };
    noteUnreadRejection(ctx, (params as ByToken['Params']).token, { code, detail: message }, unread);
  });

  const bodiless = (request: FastifyRequest): Promise<TriggerOutcome> =>
    trigger(ctx, {
      token: (request.params as ByToken['Params']).token,
      ...inboundOf(request, settings),
      body: Buffer.alloc(0),
    });
  const respond = async (request: FastifyRequest, reply: FastifyReply, outcome: TriggerOutcome) => {
    const answered = await answerTo({ ctx, settings, waiters }, request, reply, outcome);
    if (answered) return sendOutcome(request, reply, outcome, answered);
    return reply.hijack();
  };
  const answerOptions = async (request: FastifyRequest, reply: FastifyReply) => {
    const outcome = await bodiless(request);
    if (outcome.outcome !== 'handshake') return false;
    sendOutcome(request, reply, outcome);
    return true;
  };

  app.post<ByToken & { Body: Buffer | undefined }>(
    PATH,
    {
      schema: post,
      config: { access: 'public', answerOptions },
      bodyLimit: MAX_PAYLOAD_BYTES,
      preParsing: refuseCoded,
    },
    async (request, reply) => {
      const outcome = await trigger(ctx, {
        token: request.params.token,
        ...inboundOf(request, settings),
        body: request.body ?? Buffer.alloc(0),
      });
      return await respond(request, reply, outcome);
    },
  );

  // Fastify must not add a HEAD route, because it would run the agent as GET does.
  app.get<ByToken>(
    PATH,
    { schema: get, config: { access: 'public' }, exposeHeadRoute: false },
    async (request, reply) => respond(request, reply, await bodiless(request)),
  );
  // Some senders try the URL out in this way. It never runs the agent.
  app.head(PATH, { schema: { hide: true }, config: { access: 'public' } }, async (request, reply) =>
    sendOutcome(request, reply, await bodiless(request)),
  );

  app.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: PATH,
    schema: { hide: true },
    config: { access: 'public' },
    handler: async (_request, reply) => send(reply, METHOD_REFUSED),
    onRequest: async (_request, reply) => send(reply, METHOD_REFUSED),
  });
}

/**
 * Otherwise a compressed body would be refused as bad JSON, which tells the sender nothing (RFC 9110,
 * 15.5.16).
 */
async function refuseCoded({ headers }: FastifyRequest): Promise<void> {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity') return;
  throw new AppError('unsupported_media_type', 'Send the body uncompressed, without Content-Encoding.');
}

/** What the domain reads of a request, without its body. */
function inboundOf(
  request: FastifyRequest,
  { knownUrl }: Pick<ApiSettings, 'knownUrl'>,
): Omit<InboundRequest, 'body'> {
  const { method, headers, ip, raw } = request;
  const { url = '' } = raw;
  const start = url.indexOf('?');
  return {
    method,
    url,
    query: start === -1 ? '' : url.slice(start + 1),
    headers,
    address: ip,
    publicUrl: knownUrl?.(request),
  };
}

function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: TriggerOutcome,
  answered = answerOf(outcome),
): FastifyReply {
  if ('task_id' in outcome) request.logged = { task_id: outcome.task_id };
  else if (outcome.outcome === 'rejected')
    request.logged = { agent_id: outcome.agent_id, code: outcome.code };
  else if (outcome.outcome === 'handshake') request.logged = { agent_id: outcome.agent_id };
  else if (outcome.outcome === 'filtered')
    request.logged = { agent_id: outcome.agent_id, filtered: outcome.reason };
  return send(reply, answered);
}

function send(reply: FastifyReply, { status, headers, body }: TriggerAnswer): FastifyReply {
  reply.status(status).headers(headers);
  return status < 400 || typeof body === 'string'
    ? reply.send(body === '' ? undefined : body)
    : reply.type('application/problem+json').send(JSON.stringify(body));
}
