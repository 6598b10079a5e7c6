-- Notes Redis's time. If the clock was set back, moves what waits in the keys of the installation along with
-- it, and has each schedule looked at anew. Returns how far the clock was set back, ms.
--
-- @include ./arguments.lua
-- @include ./set-back.lua
-- @returns number

local clock = KEYS[1] -- the time of the last note
local schedules = KEYS[2] -- schedules by when a worker must look at them
local bulk = KEYS[3] -- unfinished bulk jobs by when a process may take them
local alerts = KEYS[4] -- the outbox of alerts
local processes = KEYS[5] -- ids of the processes that have reported
local turns = rest(KEYS, 6) -- whose turn it is, for work that one process does at a time; they expire
local least = tonumber(ARGV[1]) -- how far a clock must be set back to count, ms
local reports = ARGV[2] -- prefix of the reports of processes, which expire
local loads = ARGV[3] -- prefix of what they are doing, which expires

local now, back = noteTime(clock, least)
if back == 0 then return 0 end
moveDue(schedules, 1, now, now)
moveDue(bulk, 1, now, back)
moveDue(alerts, 1, now, back)
for _, turn in ipairs(turns) do moveEnd(turn, back) end
for _, id in ipairs(redis.call('SMEMBERS', processes)) do
  moveEnd(reports .. id, back)
  moveEnd(loads .. id, back)
end
return back
