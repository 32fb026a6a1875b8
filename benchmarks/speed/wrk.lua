-- Asks for each line of a file in turn; its last line of output is JSON. Times are microseconds.
local paths = {}
local at = 0

function init(arguments)
  for path in io.lines(arguments[1]) do
    paths[#paths + 1] = path
  end
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "duration": %d, "p50": %d, "p95": %d, "p99": %d, "slowest": %d, '
      .. '"refused": %d, "bad_status": %d, "timeouts": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
    latency:percentile(99), latency.max, errors.connect + errors.read + errors.write,
    errors.status, errors.timeout))
end
