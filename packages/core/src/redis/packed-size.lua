-- The size of a text that pack-text.ts may have compressed, as it is without that, in bytes.
local function sizeOf(text) return tonumber(string.match(text, '^z(%d+):')) or #text end
