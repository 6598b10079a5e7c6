-- Days and months of UTC. Months are counted from the year 0.
-- The algorithms: https://howardhinnant.github.io/date_algorithms.html
--
-- @import { DAY_MS } from '../queue/spend-hash.js'

-- The month of a time in ms.
local function monthOf(ms)
  local days = math.floor(ms / DAY_MS) + 719468
  local era = math.floor(days / 146097)
  local ofEra = days - era * 146097
  local year = math.floor(
    (ofEra - math.floor(ofEra / 1460) + math.floor(ofEra / 36524) - math.floor(ofEra / 146096)) / 365)
  local ofYear = ofEra - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local fromMarch = math.floor((5 * ofYear + 2) / 153)
  local month = fromMarch < 10 and fromMarch + 3 or fromMarch - 9
  return (year + era * 400 + (month <= 2 and 1 or 0)) * 12 + month - 1
end

-- When a month begins, in ms.
local function startOfMonth(number)
  local year, month = math.floor(number / 12), number % 12 + 1
  if month <= 2 then year = year - 1 end
  local era = math.floor(year / 400)
  local ofEra = year - era * 400
  local ofYear = math.floor((153 * (month > 2 and month - 3 or month + 9) + 2) / 5)
  local days = era * 146097 + ofEra * 365 + math.floor(ofEra / 4) - math.floor(ofEra / 100) + ofYear - 719468
  return days * DAY_MS
end
