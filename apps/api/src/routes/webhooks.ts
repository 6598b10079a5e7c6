import type { IncomingMessage } from 'node:http';
import { MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import {
  AppError,
  countRefused,
  noteUnreadRejection,
  type TriggerOutcome,
  type TriggerRequest,
  trigger,
} from '@agenthook/core';
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
} from 'fastify';
import { networkOf } from '../access/network-of.js';
import { CLOSED_SECONDS, createRefusalLimit } from '../access/refusal-limit.js';
import { createFileGate } from '../plugins/file-gate.js';
import { toAppError } from '../plugins/problems.js';
import { readBody } from '../plugins/read-body.js';
import type { ApiSettings } from '../settings.js';
import { answerTo, type Replying } from './reply-to-sender.js';
import { answerOf, METHOD_REFUSED, type TriggerAnswer } from './trigger-answer.js';
import { getSchema, postSchema } from './webhook-schema.js';

const PATH = '/api/webhooks/agents/:token';

/** How often requests that were turned away are counted, in ms. */
const COUNT_MS = 1_000;
const TOO_MANY_REFUSED =
  'Too many requests from your network to this webhook were refused. ' +
  `Send this again in ${CLOSED_SECONDS} s.`;
/** Codes of requests that are right, but came too early. */
const IN_TIME = new Set<string>(['rate_limited', 'too_many_pending', 'budget_exhausted', 'busy']);

const NO_BYTES = Buffer.alloc(0);

/** The webhook and the network that a request is counted by. */
const senderOf = ({ params, ip }: FastifyRequest): string =>
  `${(params as ByToken['Params']).token} ${networkOf(ip)}`;

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
  app.decorateRequest('releaseFiles', undefined);
  const admitFiles = createFileGate(ctx);
  const refusals = createRefusalLimit(() => performance.now());
  // Before anything is read or looked up.
  app.addHook('onRequest', (request, _reply, done) => {
    if (refusals.isAnyClosed() && refusals.isClosed(senderOf(request)))
      done(new AppError('rate_limited', TOO_MANY_REFUSED, { retryAfterSeconds: CLOSED_SECONDS }));
    else done();
  });
  const counting = setInterval(() => {
    for (const { agentId, scheme: sender, count } of refusals.takeCounts()) {
      const code = 'rate_limited';
      ctx.metrics.count('refused_total', [code], count);
      countRefused(ctx, agentId, { field: 'rejected', sender, code, count }).catch((error) =>
        ctx.log.debug({ err: error }, 'refused requests were not counted'),
      );
    }
  }, COUNT_MS).unref();
  app.addHook('onClose', async () => clearInterval(counting));
  // The schemas are documentation: the domain makes the checks, each with its own code.
  app.setValidatorCompiler(() => () => true);

  // Too large: refused before there is a body to pass on.
  app.addHook('onError', async (request, _reply, error: FastifyError) => {
    const { code, message } = toAppError(error, request.routeOptions.bodyLimit);
    if (code !== 'payload_too_large') return;
    const { params } = request;
    const { method, headers } = inboundOf(request, settings, NO_BYTES);
    const length = Number(headers['content-length'] ?? Number.NaN);
    const unread = { method, headers, bodyBytes: Number.isSafeInteger(length) ? length : null };
    refusals.add(senderOf(request));
    noteUnreadRejection(ctx, (params as ByToken['Params']).token, { code, detail: message }, unread);
  });

  const run = async (request: FastifyRequest, body = NO_BYTES): Promise<TriggerOutcome> => {
    const outcome = await trigger(ctx, inboundOf(request, settings, body));
    if (outcome.outcome === 'rejected' && !IN_TIME.has(outcome.code))
      refusals.add(senderOf(request), { agentId: outcome.agent_id, scheme: outcome.scheme });
    return outcome;
  };
  const replying = { ctx, settings, waiters };
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const outcome = await run(request, request.body as Buffer<ArrayBuffer> | undefined);
    const found = answerTo(replying, request, reply, outcome);
    const answered = found instanceof Promise ? await found : found;
    if (answered) sendOutcome(request, reply, outcome, answered);
    else reply.hijack();
  };
  // A reply is a promise too. Returning it, as an async handler must, costs more than sending it.
  const respond = (request: FastifyRequest, reply: FastifyReply): void => {
    answer(request, reply).catch((error: Error) => {
      if (!reply.sent) reply.send(error);
      else ctx.log.error({ reqId: request.id, err: error }, 'a request failed after its answer');
    });
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
        schema: { ...postSchema, ...shown },
        config: { access: 'public', answerOptions },
        bodyLimit: MAX_PAYLOAD_BYTES,
        onRequest: [takeType, admitFiles],
      },
      respond,
    );
    // Fastify must not add a HEAD route, because it would run the agent as GET does.
    app.get(
      url,
      { schema: { ...getSchema, ...shown }, config: { access: 'public' }, exposeHeadRoute: false },
      respond,
    );
    // Some senders test the URL with HEAD. It never runs the agent.
    app.head(url, { schema: { hide: true }, config: { access: 'public' } }, async (request, reply) =>
      sendOutcome(request, reply, await run(request)),
    );

    app.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url,
      schema: { hide: true },
      config: { access: 'public', refuses: true },
      handler: async (_request, reply) => send(reply, METHOD_REFUSED),
      onRequest: async (_request, reply) => send(reply, METHOD_REFUSED),
    });
  }
}

/**
 * Takes Content-Type away from Fastify, which answers 415 to a malformed one before any parser runs. Here the
 * content decides.
 */
function takeType(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { headers } = request.raw;
  request.sentType = headers['content-type'];
  // `delete` would make every later access to the headers slower.
  if (request.sentType !== undefined) headers['content-type'] = undefined;
  done();
}

/** What the domain reads of a request. `body` is empty for one without a body. */
function inboundOf(
  request: FastifyRequest,
  { knownUrl }: Pick<ApiSettings, 'knownUrl'>,
  body: Buffer,
): TriggerRequest {
  const { method, headers, ip, raw, sentType } = request;
  if (sentType !== undefined) headers['content-type'] = sentType;
  const { url = '' } = raw;
  const start = url.indexOf('?');
  return {
    token: (request.params as ByToken['Params']).token,
    method,
    url,
    body,
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
    /** Gives up the place of a body with files, once its bytes are no longer needed. */
    releaseFiles: (() => void) | undefined;
  }
}
