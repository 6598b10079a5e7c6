-- A page of an agent's versions, newest first: number, size in bytes, row and, if the version has no row, its
-- beginning.
--
-- @returns [version: string, bytes: number, row: string | null, head: string | null][]

local versions = KEYS[1] -- the agent's versions by number
local rows = KEYS[2] -- the rows that lists show, by number
local before = tonumber(ARGV[1]) -- only versions before this one; 0: all
local limit = tonumber(ARGV[2]) -- maximum number of versions
local headBytes = tonumber(ARGV[3]) -- how much of a version without a row is read, bytes

local all = redis.call('HKEYS', versions)
table.sort(all, function(a, b) return tonumber(a) > tonumber(b) end)
local page = {}
for _, version in ipairs(all) do
  if #page == limit then break end
  if before == 0 or tonumber(version) < before then
    local row = redis.call('HGET', rows, version)
    local head = not row and string.sub(redis.call('HGET', versions, version), 1, headBytes)
    page[#page + 1] = { version, redis.call('HSTRLEN', versions, version), row, head }
  end
end
return page
