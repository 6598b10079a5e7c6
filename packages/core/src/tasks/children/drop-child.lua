-- Removes a child from what a task waits for, because it did not end in time.
--
-- @include ../../queue/asks.lua
-- @returns null

local job = KEYS[1] -- the task's job
local child = ARGV[1] -- the child's id

dropChild(job, child)
return false
