-- The newest events of several agents that created no task: the position of the agent, the id, the row, the
-- beginning of the body, and the stored size of the body.
--
-- @include ../redis/arguments.lua
-- @returns [nth: number, id: string, row: string, body: string, keptBytes: number][]

local shelves = rest(KEYS, 1) -- for each agent, its events by id, and then their bodies by id
local limit = tonumber(ARGV[1]) -- maximum number of events
local before = ARGV[2] -- ids sort before this one; '' for any
local oldest = ARGV[3] -- ids that sort before this one are too old
local beginning = ARGV[4] -- what the rows begin with; '' for anything
local shownBytes = tonumber(ARGV[5]) -- how much of each body is returned, bytes

local candidates = {}
for n = 1, #shelves, 2 do
  for _, id in ipairs(redis.call('HKEYS', shelves[n])) do
    if id >= oldest and (before == '' or id < before) then candidates[#candidates + 1] = { id, n } end
  end
end
table.sort(candidates, function(a, b) return a[1] > b[1] end)

local found = {}
for _, candidate in ipairs(candidates) do
  if #found == limit then break end
  local id, n = candidate[1], candidate[2]
  local row = redis.call('HGET', shelves[n], id)
  if row and string.sub(row, 1, #beginning) == beginning then
    local body = redis.call('HGET', shelves[n + 1], id) or ''
    found[#found + 1] = { (n + 1) / 2, id, row, string.sub(body, 1, shownBytes), #body }
  end
end
return found
