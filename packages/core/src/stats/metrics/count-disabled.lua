-- How many agents have a disabled callback, of the newest ones.
--
-- @returns number

local agents = KEYS[1] -- agent ids by time of creation
local prefix = ARGV[1] -- prefix of the agents' keys
local most = tonumber(ARGV[2]) -- how many are looked at

local disabled = 0
for _, id in ipairs(redis.call('ZRANGE', agents, -most, -1)) do
  local state = redis.call('HGET', prefix .. id, 'callback_disabled')
  if state and state ~= '' and state ~= 'null' then disabled = disabled + 1 end
end
return disabled
