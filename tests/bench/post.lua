-- SPDX-License-Identifier: EUPL-1.2
-- A 2 KB application per request, each with a key and a person of its own; for wrk.
local threads = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function init() counter = 0; stamp = os.time() .. "-" .. tostring(math.random(1e9)); person = os.time() * 7919 + id * 1299709 end
local function check(digits, weights)
  local sum = 0
  for i = 1, #weights do sum = sum + weights[i] * tonumber(digits:sub(i, i)) end
  return -sum % 11
end
-- A synthetic one (month + 80), by the rule of 1964.
local function national_id()
  while true do
    person = person + 1
    local n = person
    local digits = string.format("%02d%02d%02d%03d", 1 + math.floor(n / 6000) % 28, 81 + math.floor(n / 500) % 12, 20 + math.floor(n / 168000) % 80, n % 500)
    local first = check(digits, { 3, 7, 6, 1, 8, 9, 4, 5, 2 })
    local second = first < 10 and check(digits .. first, { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 }) or 10
    if second < 10 then return digits .. first .. second end
  end
end
local head = [[{"municipality":"4627","language":"nb","submitter":{"national_id":"]]
local body = string.format([[","name":"Kari Prøve","role":"self"},]] ..
  [["what_matters":"%s","needs":"%s","urgency":"none","in_hospital":false,"household":"alone","services":["HSH"],"confirmed":true}]],
  string.rep("Å bo hjemme. ", 60), string.rep("Hjelp til å dusje. ", 50))
function request()
  counter = counter + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Authorization"] = os.getenv("AUTHORIZATION"), ["Idempotency-Key"] = stamp .. "-" .. id .. "-" .. counter, ["Connection"] = "close" }, head .. national_id() .. body)
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %.1f %.3f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
