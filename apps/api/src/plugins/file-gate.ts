import { mayCarryFiles } from '@agenthook/bounded';
import { MAX_FILE_BODY_BYTES, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import { AppError, type Context, resolveWebhook } from '@agenthook/core';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';

/** How many bodies with files a process holds at once. Each has up to 11 MiB. */
const AT_ONCE = 6;
/** The same for one agent, so that slow uploads to one leave room for the files of others. */
const PER_AGENT = 3;
/** Retry-After for the next one, in seconds. */
const RETRY_SECONDS = 2;

/**
 * Creates the hook that lets the body of a webhook request be large, if it may carry files. Only for a known
 * token, because memory is held until the event is stored. Others get the limit of payloads, like all bodies.
 * Throws `busy` if too many are held.
 */
export function createFileGate(ctx: Context) {
  /** How many bodies are held, by agent. */
  const held = new Map<string, number>();
  let all = 0;
  const count = (agentId: string, by: 1 | -1) => {
    all += by;
    const bodies = (held.get(agentId) ?? 0) + by;
    if (bodies > 0) held.set(agentId, bodies);
    else held.delete(agentId);
  };

  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const webhook = await resolveWebhook(ctx, (request.params as { token: string }).token);
    // A sender that has hung up meanwhile would never give its place back: `close` was emitted already.
    if (!webhook || reply.raw.destroyed) return;
    const { agentId } = webhook;
    if (all >= AT_ONCE || (held.get(agentId) ?? 0) >= PER_AGENT)
      throw new AppError('busy', `Too many files are arriving. Send this again in ${RETRY_SECONDS} s.`, {
        retryAfterSeconds: RETRY_SECONDS,
      });
    count(agentId, 1);
    let isHeld = true;
    const release = () => {
      if (isHeld) count(agentId, -1);
      isHeld = false;
    };
    reply.raw.once('close', release);
    request.releaseFiles = release;
    request.mostBytes = MAX_FILE_BODY_BYTES;
  };
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    const isSmall = coding === undefined && Number(length ?? 0) <= MAX_PAYLOAD_BYTES;
    if (isSmall || !mayCarryFiles(request.sentType)) done();
    else admit(request, reply).then(() => done(), done);
  };
}
