import { mayCarryFiles } from '@agenthook/bounded';
import { MAX_FILE_BODY_BYTES, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import { AppError, type Context, resolveWebhook } from '@agenthook/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How many bodies with files a process holds at once. Each has up to 11 MiB. */
const AT_ONCE = 6;
/** Retry-After for the next one, in seconds. */
const RETRY_SECONDS = 2;

/**
 * Creates the hook that lets the body of a webhook request be large, if it may carry files. Only for a known
 * token, because memory is held until the answer. Others get the limit of payloads, like all bodies. Throws
 * `busy` if too many are held.
 */
export function createFileGate(ctx: Context) {
  let held = 0;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    const isSmall = coding === undefined && Number(length ?? 0) <= MAX_PAYLOAD_BYTES;
    if (isSmall || !mayCarryFiles(request.sentType)) return;
    if (!(await resolveWebhook(ctx, (request.params as { token: string }).token))) return;
    if (held >= AT_ONCE)
      throw new AppError('busy', `Too many files are arriving. Send this again in ${RETRY_SECONDS} s.`, {
        retryAfterSeconds: RETRY_SECONDS,
      });
    held++;
    reply.raw.once('close', () => held--);
    request.mostBytes = MAX_FILE_BODY_BYTES;
  };
}
