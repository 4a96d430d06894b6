-- SPDX-License-Identifier: EUPL-1.2
-- A 2 KB application per request, each with a key of its own; for wrk.
local threads = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function init() counter = 0; stamp = os.time() .. "-" .. tostring(math.random(1e9)) end
local body = string.format([[{"municipality":"4627","language":"nb","submitter":{"national_id":"17834006863","name":"Kari Prøve","role":"self"},]] ..
  [["what_matters":"%s","needs":"%s","urgency":"none","in_hospital":false,"household":"alone","services":["HSH"],"confirmed":true}]],
  string.rep("Å bo hjemme. ", 60), string.rep("Hjelp til å dusje. ", 50))
function request()
  counter = counter + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Authorization"] = os.getenv("AUTHORIZATION"), ["Idempotency-Key"] = stamp .. "-" .. id .. "-" .. counter, ["Connection"] = "close" }, body)
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %.1f %.3f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
