-- Writes a grant of an agent's tool, and deletes the oldest one beyond the maximum. Returns 0, and writes
-- nothing, for a deleted agent, which a task may outlive, and if another row is there than the given one.
--
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local grants = KEYS[2] -- the agent's grants by name
local name = ARGV[1] -- the grant's name
local grant = ARGV[2] -- the grant, as JSON with the time of writing in `at`
local most = tonumber(ARGV[3]) -- maximum number of grants
local before = ARGV[4] -- the row that it replaces; empty: none; `*`: any

if redis.call('EXISTS', agent) == 0 then return 0 end
if before ~= '*' and (redis.call('HGET', grants, name) or '') ~= before then return 0 end
redis.call('HSET', grants, name, grant)
if redis.call('HLEN', grants) <= most then return 1 end
local oldest, written
local all = redis.call('HGETALL', grants)
for n = 1, #all, 2 do
  local at = cjson.decode(all[n + 1]).at or 0
  if all[n] ~= name and (written == nil or at < written) then oldest, written = all[n], at end
end
if oldest then redis.call('HDEL', grants, oldest) end
return 1
