import {
  answerSender,
  type Context,
  type StoredEvent,
  type TriggerOutcome,
  type Waiters,
} from '@agenthook/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../access/network-of.js';
import type { ApiSettings } from '../settings.js';
import { type Preference, readPrefer } from './prefer.js';
import { answerOf, replyWith, type TriggerAnswer } from './trigger-answer.js';

export interface Replying {
  ctx: Context;
  waiters: Waiters;
  settings: ApiSettings;
}

/**
 * The answer to a webhook request. Waits for the end of its task if the caller prefers it or the agent's
 * `response` says so. undefined if the sender has hung up meanwhile.
 */
export function answerTo(
  replying: Replying,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: TriggerOutcome,
  preference: Preference | undefined = readPrefer(request.headers.prefer),
): TriggerAnswer | Promise<TriggerAnswer | undefined> {
  const usual = answerOf(outcome);
  if (!('task_id' in outcome)) return usual;
  if (!outcome.response && !preference?.waitSeconds) return usual;
  return answerStored(replying, request, reply, outcome, { usual, preference });
}

async function answerStored(
  { ctx, waiters, settings }: Replying,
  request: FastifyRequest,
  reply: FastifyReply,
  event: StoredEvent & Pick<TriggerOutcome, 'rate'>,
  { usual, preference }: { usual: TriggerAnswer; preference: Preference | undefined },
): Promise<TriggerAnswer | undefined> {
  const gone = new AbortController();
  const hangUp = () => gone.abort();
  // The bytes of the event are stored, and there may be many who wait.
  request.body = undefined;
  request.releaseFiles?.();
  reply.raw.once('close', hangUp);
  const made = await answerSender(ctx, event, {
    waiters,
    network: networkOf(request.ip),
    signal: gone.signal,
    prefersSeconds: preference?.waitSeconds,
    statusUrl: `${settings.publicUrl(request)}${usual.headers.location}`,
  });
  reply.raw.off('close', hangUp);
  if (gone.signal.aborted) return undefined;
  // A shutdown waits for connections that are kept alive after an answer.
  if (waiters.closed) reply.header('connection', 'close');
  // Without the headers of the sender's own answer.
  const { answer: _, ...bare } = event;
  return replyWith({ usual, bare: answerOf(bare) }, made, preference);
}
