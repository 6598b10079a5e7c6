/**
 * When parked tasks are due, in ms: never. They stand in BullMQ's delayed set, where all that knows of waiting tasks finds
 * them, and are called back by whoever frees the place that they wait for.
 */
export const PARKED_UNTIL_MS = Date.UTC(2200, 0, 1);

/**
 * Lua functions that put a running task aside as though no worker had taken it, and that call the first of a sorted set of
 * parked tasks back to the very front of the queue. BullMQ's own moveToDelayed would count a start, and tell the task's
 * caller when it goes on.
 */
export const PARKING = `
local function putAside(id, job, startedField, lock, active, stalled, delayed)
  redis.call('LREM', active, -1, id)
  redis.call('DEL', lock)
  redis.call('SREM', stalled, id)
  redis.call('HINCRBY', job, 'ats', -1)
  if redis.call('HEXISTS', job, startedField) == 0 then redis.call('HDEL', job, 'processedOn') end
  redis.call('ZADD', delayed, ${PARKED_UNTIL_MS * 4096}, id)
end
local function callFirst(parked, delayed, wait, marker)
  while true do
    local id = redis.call('ZPOPMIN', parked)[1]
    if not id then return nil end
    if redis.call('ZREM', delayed, id) == 1 then
      redis.call('RPUSH', wait, id)
      redis.call('ZADD', marker, 0, '0')
      return id
    end
  end
end
`;
