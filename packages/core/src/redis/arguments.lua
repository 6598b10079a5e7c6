-- Reads a variable number of arguments into tables.

-- The values of a list (KEYS or ARGV) from an index on.
local function rest(list, from)
  local values = {}
  for at = from, #list do values[at - from + 1] = list[at] end
  return values
end

-- The values of a list from an index on, as records. Each record is a table of the fields.
local function records(list, from, fields)
  local found, size = {}, #fields
  local count = (#list - from + 1) / size
  for nth = 1, count do
    local record, before = {}, from + (nth - 1) * size - 1
    for n = 1, size do record[fields[n]] = list[before + n] end
    found[nth] = record
  end
  return found
end
