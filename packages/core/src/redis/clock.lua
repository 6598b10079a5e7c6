-- Redis's own clock.

-- Milliseconds since the epoch, whole.
local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
