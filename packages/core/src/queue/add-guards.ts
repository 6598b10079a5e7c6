import type { JobsOptions } from 'bullmq';
import { luaRootOf, PLACES } from '../redis/keys.js';
import { ABOUT } from '../tasks/about.js';

/** The option under which a job carries until when, by Redis's clock in ms, it may still be added. */
const ACK_BY = 'ackBy';
/** The option under which a job keeps the hash of the body that came with its idempotency key. */
const BODY_HASH = 'bodyHash';
/** The field of a job's hash that says: a retry was given this task, so it may not be withdrawn any more. */
export const ACKNOWLEDGED_FIELD = 'acknowledged';

/** BullMQ's score of a waiting job: its priority times this, and a counter. Its priorities begin at 1. */
const PRIORITY_UNIT = 2 ** 32;
const FIRST_TURN = 1;

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
 *
 * Agents take turns: a task's priority is the turn that is being served, which is that of the first task in line, and one
 * more for each task of its agent that waits already. So an agent with a backlog keeps its own order, and one without
 * does not wait behind it. That number can only be known here; BullMQ's script is made to read these
 * options (readOnce).
 */
export const GUARD = `
local args, opts = cmsgpack.unpack(ARGV[1]), cmsgpack.unpack(ARGV[3])
do
  local ackBy = opts['${ACK_BY}']
  if ackBy then
    local time = redis.call('TIME')
    if time[1] * 1000 + time[2] / 1000 > ackBy then
      return redis.error_reply('${LATE} the caller has been told that this task is not stored')
    end
  end
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
  local about = opts['${ABOUT}']
  if about and not isRetry then
    local root = ${luaRootOf('args[1]')}
    local pending = redis.call('ZCARD', root .. '${PLACES.index}' .. about.agent .. ':PENDING')
    local most = opts['${MAX_PENDING}']
    if most and pending >= most then
      return redis.error_reply('${FULL} the agent has too many tasks that wait')
    end
    local first = redis.call('ZRANGE', args[1] .. 'prioritized', 0, 0, 'WITHSCORES')
    local turn = first[2] and math.floor(first[2] / ${PRIORITY_UNIT}) or ${FIRST_TURN}
    opts['priority'] = turn + pending
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

/** Job options by which a job stands in line by its agent's turn, as GUARD says. Without any, BullMQ has but one line. */
export const inTurn = (options: JobsOptions): JobsOptions => ({ ...options, priority: FIRST_TURN });

/** A script after GUARD with its arguments and options as GUARD has unpacked and changed them. Throws if it has none. */
export function readOnce(lua: string): string {
  const [args, opts] = ['cmsgpack.unpack(ARGV[1])', 'cmsgpack.unpack(ARGV[3])'];
  if (!lua.includes(args) || !lua.includes(opts))
    throw new Error('BullMQ reads its options in another way than this version of AgentHook knows.');
  return lua.replaceAll(args, 'args').replaceAll(opts, 'opts');
}
