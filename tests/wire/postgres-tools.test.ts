// PostgreSQL's own tools through the door: what they print, and leave in a database, is what they do without it.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { execute, missing, type Printed } from '../clients/program.ts'
import { BACKEND_URL, openDoor, PASSWORD, type TestDoor } from './pg/door.ts'
import { MUSEUM } from './pg/museum.ts'
import { SCRIPTS } from './pg/psql-scripts.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : missing('pg_dump')

/** The door gives its one database this name, and tools print it. */
/** Subscriptions hold passwords: their catalog is closed, and pg_dump is told not to ask. */
const NO_SECRETS = ['--no-subscriptions']
const NAME = 'shop'
const COPY = 'shop_copy'

type Environment = Record<string, string>

const COMMON = { PGHOST: '127.0.0.1', PGCONNECT_TIMEOUT: '20' }

describe("PostgreSQL's tools at its door", { skip, timeout: 240_000 }, () => {
  let own: pg.Client
  let door: TestDoor
  let direct: Environment
  let through: Environment
  let directory: string

  before(async () => {
    own = new pg.Client(BACKEND_URL)
    await own.connect()
    await renew(NAME)
    const museum = new pg.Client(urlOf(NAME))
    await museum.connect()
    await museum.query(MUSEUM)
    await museum.end()
    door = await openDoor({ url: urlOf(NAME) })
    direct = directTo(NAME)
    through = throughTo(door)
    directory = await mkdtemp(join(tmpdir(), 'tools-'))
  })
  after(async () => {
    await door?.close()
    for (const name of [NAME, COPY])
      await own?.query(`drop database if exists ${name} with (force)`)
    await own?.end()
    await rm(directory, { recursive: true, force: true })
  })

  async function renew(name: string): Promise<void> {
    await own.query(`drop database if exists ${name} with (force)`)
    await own.query(`create database ${name} template template0`)
  }

  /** The same call both ways. */
  async function both(program: string, options: readonly string[], input = ''): Promise<Printed> {
    const far = await execute(program, options, { input, environment: direct })
    const near = await execute(program, options, { input, environment: through })
    assert.deepEqual(readable(near), readable(far))
    return near
  }

  const psql = (input: string) => both('psql', ['-X', '-a', '-f', '-'], input)

  for (const script of SCRIPTS) {
    test(`psql prints the same of ${script.trim().slice(0, 60)}`, {
      skip: missing('psql'),
    }, async () => {
      await psql(script)
    })
  }

  test('psql asks again and again until that fails', async () => {
    const { out } = await psql(String.raw`
CREATE TEMP SEQUENCE watched;
SELECT 6 / (3 - nextval('watched')) AS left
\watch 0.01
`)
    assert.match(out, /3\n/)
  })

  test('psql copies out of one table into another, through files and a program', async () => {
    const file = join(directory, 'item.copy')
    await writeFile(file, '')
    await psql(String.raw`
CREATE TEMP TABLE taken (LIKE item);
ALTER TABLE taken DROP doubled;
\copy (SELECT * FROM place ORDER BY id) TO PROGRAM 'sort -n | tail -3'
\copy place TO '${file}' WITH (FORMAT binary)
CREATE TEMP TABLE placed (id int, item_id int);
\copy placed FROM '${file}' WITH (FORMAT binary)
\copy placed FROM PROGRAM 'printf "7000\t1\n"'
\copy placed FROM stdin WITH (FORMAT csv, HEADER)
id,item_id
7001,
\.
SELECT count(*), sum(id), count(item_id) FROM placed;
\copy placed FROM stdin
x
\.
`)
  })

  const DUMPS: Readonly<Record<string, readonly string[]>> = {
    plain: [],
    'with inserts': ['--inserts'],
    'with column inserts': ['--column-inserts', '--rows-per-insert=10'],
    'of the schema alone': ['--schema-only'],
    'of the data alone': ['--data-only', '--disable-triggers'],
    'to clean and create': ['--clean', '--if-exists', '--create', '--blobs'],
    'of one table': ['-t', 'item', '-O', '-x'],
    'of one schema': ['-n', 'side', '--quote-all-identifiers'],
    'of sections': ['--section=pre-data', '--serializable-deferrable'],
  }
  for (const [what, options] of Object.entries(DUMPS)) {
    test(`pg_dump prints the same: ${what}`, async () => {
      const { code, out } = await both('pg_dump', [...NO_SECRETS, ...options])
      assert.equal(code, 0)
      assert.match(out, /PostgreSQL database dump complete/)
    })
  }

  const ARCHIVES = {
    plain: { dump: ['-Fp'], restore: ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f'] },
    'with inserts': {
      dump: ['--inserts'],
      restore: ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f'],
    },
    custom: { dump: ['-Fc'], restore: ['pg_restore', '-e', '-d', NAME] },
    'custom in two jobs': { dump: ['-Fc'], restore: ['pg_restore', '-e', '-j', '2', '-d', NAME] },
    'directory in two jobs': {
      dump: ['-Fd', '-j', '2'],
      restore: ['pg_restore', '-e', '-j', '2', '-d', NAME],
    },
    'in one transaction': { dump: ['-Fc'], restore: ['pg_restore', '-1', '-d', NAME] },
    'tar, cleaned before': {
      dump: ['-Ft'],
      restore: ['pg_restore', '--clean', '--if-exists', '-d', NAME],
    },
  } as const
  for (const [what, { dump, restore }] of Object.entries(ARCHIVES)) {
    test(`what pg_dump takes out is put into a fresh database: ${what}`, async () => {
      const file = join(directory, what.replaceAll(/\W/g, '-'))
      const dumped = await execute('pg_dump', [...NO_SECRETS, ...dump, '-f', file], {
        environment: through,
      })
      assert.deepEqual(dumped, { code: 0, out: '', err: '' })
      await renew(COPY)
      const fresh = await openDoor({ url: urlOf(COPY) })
      const [program, ...options] = restore
      const restored = await execute(program, [...options, file], { environment: throughTo(fresh) })
      await fresh.close()
      assert.equal(restored.code, 0, restored.err)
      assert.doesNotMatch(restored.err, /error|fatal/i)
      assert.equal(await dumpOf(COPY), await dumpOf(NAME))
    })
  }

  async function dumpOf(name: string): Promise<string> {
    const { code, out, err } = await execute('pg_dump', [...NO_SECRETS], {
      environment: directTo(name),
    })
    assert.equal(code, 0, err)
    return unrestricted(out)
  }

  test('pg_dumpall prints the same of what is global, without passwords', async () => {
    const { code } = await both('pg_dumpall', ['-g', '--no-role-passwords', '-l', NAME])
    assert.equal(code, 0)
  })

  test('small tools do the same', { skip: missing('vacuumdb') }, async () => {
    await both('vacuumdb', ['-z', '-t', 'item'])
    await both('reindexdb', ['-t', 'item', '-v'])
    await both('clusterdb', ['-t', 'item'])
    await both('pg_isready', [])
  })

  for (const mode of ['simple', 'extended', 'prepared']) {
    test(`pgbench fills and runs by the ${mode} protocol`, {
      skip: missing('pgbench'),
    }, async () => {
      const environment = through
      const filled = await execute('pgbench', ['-i', '-q', '-s', '1', '-I', 'dtGvpf'], {
        environment,
      })
      assert.equal(filled.code, 0, filled.err)
      const options = ['-n', '-c', '3', '-j', '2', '-t', '20', '-M', mode]
      const { code, out, err } = await execute('pgbench', options, { environment })
      assert.equal(code, 0, err)
      assert.match(out, /transactions actually processed: 60\/60\n/)
      await own.query('select 1')
    })
  }

  test('pgbench fills by the client and drops', { skip: missing('pgbench') }, async () => {
    const options = ['-i', '-q', '-I', 'dtgvp', '--partitions=2', '--foreign-keys']
    assert.equal((await execute('pgbench', options, { environment: through })).code, 0)
    assert.equal((await execute('pgbench', ['-i', '-I', 'd'], { environment: through })).code, 0)
  })
})

function urlOf(name: string): string {
  const url = new URL(BACKEND_URL ?? 'postgresql://nobody@127.0.0.1/none')
  url.pathname = `/${name}`
  return url.href
}

function directTo(name: string): Environment {
  const { port, username, password } = new URL(urlOf(name))
  const secret = { PGPASSWORD: decodeURIComponent(password) }
  return {
    ...COMMON,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    ...secret,
    PGDATABASE: name,
  }
}

function throughTo({ port }: TestDoor): Environment {
  return { ...COMMON, PGPORT: `${port}`, PGUSER: 'ada', PGPASSWORD: PASSWORD, PGDATABASE: NAME }
}

/** A dump's key is random; the time of a \watch, ports and large objects' numbers differ. */
function readable({ code, out, err }: Printed) {
  return { code, out: bare(out), err: bare(err) }
}

function bare(text: string): string {
  return unrestricted(text)
    .replaceAll(/^.* \(every .*\)$/gm, '(every)')
    .replaceAll(/pg_temp_\d+|pg_toast_temp_\d+/g, 'pg_temp')
    .replaceAll(/\blo_import \d+$/gm, 'lo_import')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'there')
    .replaceAll(/elapsed: \S+ s|CPU: .*$/gm, 'elapsed')
}

function unrestricted(text: string): string {
  return text.replaceAll(/^\\(un)?restrict \S+$/gm, '\\restrict')
}
