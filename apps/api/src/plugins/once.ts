import { IDEMPOTENCY_HEADER, MAX_IDEMPOTENCY_KEY, REPLAYED_HEADER } from '@agenthook/contracts';
import { AppError, readIdempotencyKey } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The header by which a repeated call is recognized. `promise` says what such a call gets. */
export const onceHeaders = (promise: string) =>
  Type.Object({
    [IDEMPOTENCY_HEADER]: Type.Optional(
      Type.String({
        description:
          `Makes retries safe. ${promise} Up to ${MAX_IDEMPOTENCY_KEY} visible ASCII characters, for example a ` +
          'UUID. An empty key counts as none.',
      }),
    ),
  });

/** The same for calls that make a task. */
export const onceTaskHeaders = onceHeaders(
  'For 24 hours (or while results are kept, if that is shorter), a request with the same key returns the task ' +
    'that the first one has created, and creates none. Without a key, each request creates a task.',
);

/** The header of an answer to a repeated call. `what` is what the first one has made. */
export const replayedHeader = (what: string) => ({
  [REPLAYED_HEADER]: {
    type: 'string',
    enum: ['true'],
    description: `Only on a retry: this is ${what} of the first request with the same Idempotency-Key.`,
  },
});

/** The Idempotency-Key of a call; undefined without one. Throws `invalid_idempotency_key`. */
export function onceKeyOf({ headers }: FastifyRequest): string | undefined {
  const { key, isValid } = readIdempotencyKey(headers);
  if (!isValid) throw new AppError('invalid_idempotency_key');
  return key;
}

/** Says in the answer whether an earlier call with the same key has done it. */
export const tellRepeat = (reply: FastifyReply, isNew: boolean): FastifyReply =>
  isNew ? reply : reply.header(REPLAYED_HEADER, 'true');
