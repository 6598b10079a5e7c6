-- What a script gets of any number, as tables.

-- The values of a list (KEYS or ARGV) from an index on.
local function rest(list, from)
  local values = {}
  for at = from, #list do values[#values + 1] = list[at] end
  return values
end

-- The values of a list from an index on, one record after the other, each a table of the fields.
local function records(list, from, fields)
  local found = {}
  for at = from, #list, #fields do
    local record = {}
    for n, field in ipairs(fields) do record[field] = list[at + n - 1] end
    found[#found + 1] = record
  end
  return found
end
