-- Which of some agents have schedules, newest first, and where to go on.
--
-- @returns [next: number, ...ids: string[]]

local agents = KEYS[1] -- agent ids by time of creation
local prefix = ARGV[1] -- prefix of the agents' keys
local from = tonumber(ARGV[2]) -- how many of the newest agents are left out
local most = tonumber(ARGV[3]) -- how many agents are looked at
local limit = tonumber(ARGV[4]) -- maximum number of agents with schedules

local found = { -1 }
for n, id in ipairs(redis.call('ZREVRANGE', agents, from, from + most - 1)) do
  if redis.call('EXISTS', prefix .. id .. ':schedules') == 1 then found[#found + 1] = id end
  if n == most or #found > limit then
    found[1] = from + n
    break
  end
end
return found
