import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSysbench, sysbenchArguments, sysbenchLoadArguments } from './sysbench.ts'

const SAID = `Running the test with following options:
Number of threads: 64

Latency histogram (values are in milliseconds)
       value  ------------- distribution ------------- count
       0.147 |                                         1
       2.071 |**************************************** 60
      11.650 |*************                            38
     101.130 |                                         1

SQL statistics:
    queries performed:
        read:                            100
        total:                           100
    transactions:                        100    (1999.50 per sec.)
    queries:                             100    (1999.50 per sec.)
    ignored errors:                      0      (0.00 per sec.)

Latency (ms):
         99th percentile:                       11.65
`

test('throughput and percentiles are read, these from the histogram', () => {
  assert.deepEqual(parseSysbench(SAID), {
    queries: 100,
    figures: { throughput: 1999.5, p50Ms: 2.071, p99Ms: 11.65 },
  })
})

test('what sysbench says instead of a summary is shown', () => {
  assert.throws(() => parseSysbench('FATAL: mysql_drv_query() failed'), /mysql_drv_query/)
})

test('the options name the way and the load', () => {
  const address = { host: '127.0.0.1', port: 33, user: 'ann', password: 'secret', database: 'sb' }
  assert.match(
    sysbenchArguments('oltp_read_write', address).join(' '),
    /^oltp_read_write .*--mysql-port=33 --mysql-user=ann --mysql-password=secret --mysql-db=sb$/,
  )
  assert.match(
    sysbenchLoadArguments(
      { kind: 'sysbench', script: 'oltp_read_write', threads: 16 },
      { kind: 'seconds', seconds: 3, connectingMs: 0 },
    ).join(' '),
    /^--threads=16 --time=3 .* run$/,
  )
})
