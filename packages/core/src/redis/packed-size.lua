-- The size of a text that pack-text.ts may have compressed, or sealing/seal.ts sealed, as it is without that,
-- in bytes.
local function sizeOf(text) return tonumber(string.match(text, '^[zs](%d+):')) or #text end
