-- Reads the state of a task.
--
-- @include ./read-state.lua
-- @returns (string | null)[]

local job = KEYS[1] -- the task's job
local delayed = KEYS[2] -- delayed jobs
local log = KEYS[3] -- the task's journal
local id = ARGV[1] -- the task's id

return readState(job, delayed, log, id)
