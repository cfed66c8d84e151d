-- The statements of many sysbench threads. Each asks for its own rows and for a number nobody else has, and stops at a wrong answer.

local ROWS = 50
local con, owner, hits

function thread_init()
  con = sysbench.sql.driver():connect()
  owner = sysbench.tid + 1
  hits = {}
end

local function expect(what, found, wanted)
  if tostring(found) ~= tostring(wanted) then
    error(string.format('WRONG ANSWER: owner %d, %s: %s instead of %s', owner, what, tostring(found), tostring(wanted)))
  end
end

local function look(n)
  local token = sysbench.rand.uniform(1, 2000000000)
  local back, whose, which, seen = con:query_row(string.format(
    'SELECT %d AS back, owner, n, hits FROM stress WHERE owner = %d AND n = %d', token, owner, n))
  expect('token', back, token)
  expect('owner', whose, owner)
  expect('n', which, n)
  expect('hits', seen, hits[n] or 0)
end

local function count_up(n)
  con:query(string.format('UPDATE stress SET hits = hits + 1 WHERE owner = %d AND n = %d', owner, n))
  hits[n] = (hits[n] or 0) + 1
end

local kinds = {
  { 60, look },
  { 10, count_up },
  { 6, function(n)
    con:query('BEGIN')
    count_up(n)
    look(n)
    con:query('COMMIT')
    look(n)
  end },
  { 4, function(n)
    con:query('BEGIN')
    count_up(n)
    look(n)
    con:query('ROLLBACK')
    hits[n] = hits[n] - 1
    look(n)
  end },
  { 4, function(n)
    local token = sysbench.rand.uniform(1, 2000000000)
    local fill, back, whose = con:query_row(string.format(
      "SELECT REPEAT('x', %d), %d AS back, owner FROM stress WHERE owner = %d AND n = %d", n * 100, token, owner, n))
    expect('length', #fill, n * 100)
    expect('token', back, token)
    expect('owner', whose, owner)
  end },
  { 2, function()
    con:query(string.format('SET SESSION lock_wait_timeout = %d, @mine = %d', 1000 + owner, owner))
    expect('setting', con:query_row('SELECT @@lock_wait_timeout'), 1000 + owner)
    expect('variable', con:query_row('SELECT @mine'), owner)
  end },
}

function event()
  local choice = sysbench.rand.uniform(1, 86)
  local n = sysbench.rand.uniform(1, ROWS)
  for _, kind in ipairs(kinds) do
    choice = choice - kind[1]
    if choice <= 0 then return kind[2](n) end
  end
end
