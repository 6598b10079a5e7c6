-- Reads the state of a task.
--
-- @include ./read-state.lua
-- @returns (string | null)[]

local job = KEYS[1] -- the task's job
local delayed = KEYS[2] -- delayed jobs
local id = ARGV[1] -- the task's id

return readState(job, delayed, id)
