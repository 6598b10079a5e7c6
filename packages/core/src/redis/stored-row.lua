-- Stored rows, of which one may be damaged. It must not end a script that reads others beside it.

-- A stored JSON object; nil if the text is not that.
local function objectIn(json)
  local isRead, value = pcall(cjson.decode, json)
  return isRead and type(value) == 'table' and value or nil
end
