-- The index of sessions: members that are the id of a session and the hash of its token.
--
-- @import { ID_LENGTH } from './session-store.js'

-- The hash of the token, from a member of the index.
local function tokenHashOf(member) return string.sub(member, ID_LENGTH + 2) end
