import type { IncomingMessage } from 'node:http';
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
import { type InboundRequest, noteUnreadRejection, type TriggerOutcome, trigger } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { createFileGate } from '../plugins/file-gate.js';
import { toAppError } from '../plugins/problems.js';
import { readBody } from '../plugins/read-body.js';
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

const fields = Type.Unsafe({
  type: 'object',
  additionalProperties: true,
  description: 'Fields become properties. A repeated field becomes a list.',
});

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
      'application/x-www-form-urlencoded': { schema: fields },
      'multipart/form-data': { schema: fields },
      'text/plain': { schema: Type.String({ description: 'Text of any kind. The payload is the text.' }) },
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
      'invalid_text',
      'invalid_encoding',
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

type ByToken = { Params: { token: string } };

/** POST and, for agents that allow it, GET /api/webhooks/agents/:token */
export async function webhookRoutes(
  app: FastifyInstance,
  { ctx, settings, waiters }: Replying,
): Promise<void> {
  // The domain receives the raw bytes: it refuses unknown tokens before parsing, and signatures cover bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
    readBody(payload, request.mostBytes ?? MAX_PAYLOAD_BYTES),
  );
  app.decorateRequest('sentType', undefined);
  app.decorateRequest('mostBytes', undefined);
  const admitFiles = createFileGate(ctx);
  // The schemas are documentation: the domain makes the checks, each with its own code.
  app.setValidatorCompiler(() => () => true);

  // Too large: refused before there is a body to pass on.
  app.addHook('onError', async (request, _reply, error: FastifyError) => {
    const { code, message } = toAppError(error, request.routeOptions.bodyLimit);
    if (code !== 'payload_too_large') return;
    const { params } = request;
    const { method, headers } = inboundOf(request, settings);
    const length = Number(headers['content-length'] ?? Number.NaN);
    const unread = { method, headers, bodyBytes: Number.isSafeInteger(length) ? length : null };
    noteUnreadRejection(ctx, (params as ByToken['Params']).token, { code, detail: message }, unread);
  });

  const run = (request: FastifyRequest, body = Buffer.alloc(0)): Promise<TriggerOutcome> =>
    trigger(ctx, {
      token: (request.params as ByToken['Params']).token,
      ...inboundOf(request, settings),
      body,
    });
  const respond = async (request: FastifyRequest, reply: FastifyReply) => {
    const outcome = await run(request, request.body as Buffer<ArrayBuffer> | undefined);
    const answered = await answerTo({ ctx, settings, waiters }, request, reply, outcome);
    if (answered) return sendOutcome(request, reply, outcome, answered);
    return reply.hijack();
  };
  const answerOptions = async (request: FastifyRequest, reply: FastifyReply) => {
    const outcome = await run(request);
    if (outcome.outcome !== 'handshake') return false;
    sendOutcome(request, reply, outcome);
    return true;
  };

  // Some senders add a slash to every URL.
  for (const url of [PATH, `${PATH}/`]) {
    const shown = { hide: url !== PATH };
    app.post(
      url,
      {
        schema: { ...post, ...shown },
        config: { access: 'public', answerOptions },
        bodyLimit: MAX_PAYLOAD_BYTES,
        onRequest: [takeType, admitFiles],
      },
      respond,
    );
    // Fastify must not add a HEAD route, because it would run the agent as GET does.
    app.get(
      url,
      { schema: { ...get, ...shown }, config: { access: 'public' }, exposeHeadRoute: false },
      respond,
    );
    // Some senders try the URL out in this way. It never runs the agent.
    app.head(url, { schema: { hide: true }, config: { access: 'public' } }, async (request, reply) =>
      sendOutcome(request, reply, await run(request)),
    );

    app.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url,
      schema: { hide: true },
      config: { access: 'public' },
      handler: async (_request, reply) => send(reply, METHOD_REFUSED),
      onRequest: async (_request, reply) => send(reply, METHOD_REFUSED),
    });
  }
}

/**
 * Takes Content-Type away from Fastify, which answers 415 to a malformed one before any parser runs. Here the
 * content decides.
 */
async function takeType(request: FastifyRequest): Promise<void> {
  request.sentType = request.raw.headers['content-type'];
  delete request.raw.headers['content-type'];
}

/** All that the domain reads of a request, except its body. */
function inboundOf(
  request: FastifyRequest,
  { knownUrl }: Pick<ApiSettings, 'knownUrl'>,
): Omit<InboundRequest, 'body'> {
  const { method, headers, ip, raw, sentType } = request;
  if (sentType !== undefined) headers['content-type'] = sentType;
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

declare module 'fastify' {
  interface FastifyRequest {
    /** The Content-Type of a webhook request. */
    sentType: string | undefined;
    /** How large its body may be, in bytes. Default: MAX_PAYLOAD_BYTES. */
    mostBytes: number | undefined;
  }
}
