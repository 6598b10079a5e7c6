-- A page of rejections, newest first: id, row, the beginning of the body, and the stored size of the body.
--
-- @returns [id: string, row: string, body: string, keptBytes: number][]

local rows = KEYS[1] -- the agent's rejections by id
local bodies = KEYS[2] -- their bodies by id
local limit = tonumber(ARGV[1]) -- maximum number of rejections
local cursor = ARGV[2] -- the last id of the previous page; '' for the first page
local oldest = ARGV[3] -- ids that sort before this one are too old
local shownBytes = tonumber(ARGV[4]) -- how much of each body is returned, bytes

local ids = redis.call('HKEYS', rows)
table.sort(ids)
local page = {}
for n = #ids, 1, -1 do
  local id = ids[n]
  if #page == limit or id < oldest then break end
  if cursor == '' or id < cursor then
    local body = redis.call('HGET', bodies, id) or ''
    page[#page + 1] = { id, redis.call('HGET', rows, id), string.sub(body, 1, shownBytes), #body }
  end
end
return page
