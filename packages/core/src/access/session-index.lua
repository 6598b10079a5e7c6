-- The index of sessions. Each member is a session's id and its token's hash.
--
-- @import { ID_LENGTH } from './session-store.js'

-- The token's hash in a member of the index.
local function tokenHashOf(member) return string.sub(member, ID_LENGTH + 2) end
