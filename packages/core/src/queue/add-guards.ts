import type { JobsOptions } from 'bullmq';
import { PLACES, TASK_QUEUE } from '../redis/keys.js';
import { ABOUT } from '../tasks/about.js';

/** The option under which a job carries until when, by Redis's clock in ms, it may still be added. */
const ACK_BY = 'ackBy';
/** The option under which a job keeps the hash of the body that came with its idempotency key. */
const BODY_HASH = 'bodyHash';
/** The field of a job's hash that says: a retry was given this task, so it may not be withdrawn any more. */
export const ACKNOWLEDGED_FIELD = 'acknowledged';

/** What Redis answers to a job that comes too late; `isRedisUnavailable` knows the word. */
const LATE = 'LATE';
/** What Redis answers to a job whose idempotency key belongs to another body. */
const REUSED = 'REUSED';
/** The option under which a job carries how many of its agent's tasks may wait beside it. */
const MAX_PENDING = 'maxPending';
/** What Redis answers to a job whose agent has too many that wait. */
const FULL = 'FULL';

/**
 * Put before BullMQ's own scripts that add a job. A command whose caller has given up may still lie in a socket and be
 * read later, by a Redis that was paused or is slow; only Redis itself can tell that it is late, in the same step that
 * would store it. ARGV[1] is MessagePack of BullMQ's arguments, of which the first is the prefix of keys and the ninth the
 * deduplication key; ARGV[3] is MessagePack of the options.
 *
 * BullMQ then does the deduplication itself. What it does not know: a key may outlive its task, must refuse another
 * body, and a task that a retry was given is no longer the first caller's to take back. An agent's backlog is limited by
 * the index (index-scripts.ts); a retry adds nothing to it, so it gets its task however many wait.
 */
export const GUARD = `
do
  local opts = cmsgpack.unpack(ARGV[3])
  local ackBy = opts['${ACK_BY}']
  if ackBy then
    local time = redis.call('TIME')
    if time[1] * 1000 + time[2] / 1000 > ackBy then
      return redis.error_reply('${LATE} the caller has been told that this task is not stored')
    end
  end
  local args = cmsgpack.unpack(ARGV[1])
  local isRetry = false
  if opts['de'] then
    local first = redis.call('GET', args[9])
    if first then
      local kept = redis.call('HGET', args[1] .. first, 'opts')
      if not kept then
        redis.call('DEL', args[9])
      elseif cjson.decode(kept)['${BODY_HASH}'] ~= opts['${BODY_HASH}'] then
        return redis.error_reply('${REUSED} the idempotency key belongs to another body')
      else
        redis.call('HSET', args[1] .. first, '${ACKNOWLEDGED_FIELD}', '1')
        isRetry = true
      end
    end
  end
  local most = opts['${MAX_PENDING}']
  if most and not isRetry then
    local root = string.sub(args[1], 1, -${TASK_QUEUE.length + 2})
    if redis.call('ZCARD', root .. '${PLACES.index}' .. opts['${ABOUT}'].agent .. ':PENDING') >= most then
      return redis.error_reply('${FULL} the agent has too many tasks that wait')
    end
  end
end
`;

/** Job options with a deadline, in ms of Redis's clock. BullMQ hands options that it does not know on to its scripts. */
export const withDeadline = (options: JobsOptions, ackBy: number): JobsOptions =>
  ({ ...options, [ACK_BY]: ackBy }) as JobsOptions;

/** What makes a retry find the task of the first request: the key's hash and, where it has to be the same, the body's. */
export interface Idempotency {
  id: string;
  bodyHash?: string;
}

/** Job options by which, for `ttlMs`, a job of the same id is not stored again, and one of another body refused. */
export const idempotencyOptions = ({ id, bodyHash }: Idempotency, ttlMs: number): JobsOptions =>
  ({
    deduplication: { id, ttl: ttlMs },
    ...(bodyHash === undefined ? {} : { [BODY_HASH]: bodyHash }),
  }) as JobsOptions;

/** Whether a job was refused because its idempotency key belongs to another body. */
export const isKeyReused = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith(REUSED);

/** Job options by which a job is refused while `most` tasks of its agent wait; undefined: however many do. */
export const withMaxPending = (options: JobsOptions, most: number | undefined): JobsOptions =>
  most === undefined ? options : ({ ...options, [MAX_PENDING]: most } as JobsOptions);

/** Whether a job was refused because its agent has too many that wait. */
export const isFull = (error: unknown): boolean => error instanceof Error && error.message.startsWith(FULL);
