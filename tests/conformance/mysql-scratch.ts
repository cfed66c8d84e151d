// A schema of our own on the MariaDB that TEST_MARIADB_URL names, with the tables that the corpora speak of.
import mysql, { type Connection } from 'mysql2/promise'

const url = process.env.TEST_MARIADB_URL

export function skipWithoutMariadb(): string | false {
  return url === undefined ? 'TEST_MARIADB_URL is not set' : false
}

const TABLES = [
  'CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, total INT)',
  'CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(50))',
  'CREATE TABLE secrets (id INT PRIMARY KEY, secret VARCHAR(50))',
  'INSERT INTO orders VALUES (1, 1, 10), (2, 1, 20), (3, 2, 30)',
  "INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace')",
  "INSERT INTO secrets VALUES (1, 'crown-jewels'), (2, 'key')",
]

/** ER_PARSE_ERROR, ER_EMPTY_QUERY and the like; what is wrong otherwise is not the grammar's affair. */
const UNREADABLE = new Set([1064, 1065, 1149])
/** "This command is not supported in the prepared statement protocol yet": it was read. */
const NOT_PREPARABLE = 1295

const TABLE_NAMES = ['orders', 'customers', 'secrets']

interface Answer {
  readonly errno: number
  readonly message: string
}

interface Reader extends AsyncDisposable {
  attempt(statement: string): Promise<Answer>
}

/** A mutation may join a table with itself many times. */
async function limit(connection: Connection): Promise<void> {
  await connection.query('SET SESSION max_statement_time = 2')
}

async function attempt(connection: Connection, statement: string): Promise<Answer> {
  try {
    await connection.query(statement)
    return { errno: 0, message: '' }
  } catch (error) {
    return answerOf(error)
  }
}

function answerOf(error: unknown): Answer {
  const { errno, message } = error as { errno?: number; message: string }
  if (errno === undefined) throw error
  return { errno, message }
}

export class Scratch {
  readonly #connection: Connection
  readonly #schema: string

  private constructor(connection: Connection, schema: string) {
    this.#connection = connection
    this.#schema = schema
  }

  static async open(part: string): Promise<Scratch> {
    const connection = await mysql.createConnection({ uri: url ?? '', charset: 'utf8mb4' })
    await limit(connection)
    return new Scratch(connection, `mysql_grammar_${part}_${process.pid}`)
  }

  /** Fresh tables in a fresh schema, and `other.t` under a name of its own. */
  async rebuild(): Promise<void> {
    await this.#connection.query(`DROP DATABASE IF EXISTS ${this.#schema}`)
    await this.#connection.query(`DROP DATABASE IF EXISTS ${this.#other}`)
    await this.#connection.query(`CREATE DATABASE ${this.#schema}`)
    await this.#connection.query(`CREATE DATABASE ${this.#other}`)
    await this.#connection.query(`USE ${this.#schema}`)
    for (const statement of TABLES) await this.#connection.query(statement)
    await this.execute('CREATE TABLE other.t (id INT)')
  }

  get #other(): string {
    return `${this.#schema}_other`
  }

  /** The schema called `other` in the corpora is ours alone. */
  #localize(statement: string): string {
    return statement.replace(/\bother(?=\s*(?:\.|\/\*))|`other`/g, this.#other)
  }

  async execute(statement: string): Promise<void> {
    await this.#connection.query(this.#localize(statement))
  }

  /** All rows of all tables. */
  async state(): Promise<readonly unknown[]> {
    const rows = TABLE_NAMES.map((name) =>
      this.#connection.query(`SELECT * FROM ${name} ORDER BY 1`),
    )
    const tables = await this.#connection.query('SHOW TABLES')
    return [...(await Promise.all(rows)).map(([found]) => found), tables[0]]
  }

  /** Runs it, with results thrown away: errno 0 for success. */
  attempt(statement: string): Promise<Answer> {
    return attempt(this.#connection, statement)
  }

  /** A session that may read the one table and nothing else. */
  async readerOf(table: string): Promise<Reader> {
    const name = `reader_${process.pid}`
    await this.#connection.query(`CREATE OR REPLACE USER '${name}'@'%' IDENTIFIED BY '${name}'`)
    await this.#connection.query(`GRANT SELECT ON ${this.#schema}.${table} TO '${name}'@'%'`)
    const { hostname, port } = new URL(url ?? '')
    const connection = await mysql.createConnection({
      host: hostname,
      port: Number(port),
      user: name,
      password: name,
      database: this.#schema,
      charset: 'utf8mb4',
    })
    await limit(connection)
    return {
      attempt: (statement) => attempt(connection, statement),
      [Symbol.asyncDispose]: async () => {
        await connection.end()
        await this.#connection.query(`DROP USER '${name}'@'%'`)
      },
    }
  }

  /** MariaDB's complaint about the text's syntax, or ''; nothing is executed. */
  async syntaxError(statement: string): Promise<string> {
    const { errno, message } = await this.prepareError(statement)
    return UNREADABLE.has(errno) ? message : ''
  }

  /** What MariaDB says when it prepares the text: errno 0 for nothing. */
  async prepareError(statement: string): Promise<Answer> {
    try {
      const prepared = await this.#connection.prepare(this.#localize(statement))
      await prepared.close()
      return { errno: 0, message: '' }
    } catch (error) {
      const { errno, message } = answerOf(error)
      return { errno: errno === NOT_PREPARABLE ? 0 : errno, message }
    }
  }

  async close(): Promise<void> {
    await this.#connection.query(`DROP DATABASE IF EXISTS ${this.#schema}`)
    await this.#connection.query(`DROP DATABASE IF EXISTS ${this.#other}`)
    await this.#connection.end()
  }
}
