import { accountOf, type Child, scratchDirectory } from './child.ts'
import {
  askMariadb,
  installMariadb,
  type MariadbNode,
  mariadbAddress,
  startMariadbd,
} from './mariadb.ts'
import { type Pair, type PairOptions, pairOf, type ReplicatedNode } from './pair.ts'
import { freePorts } from './port.ts'
import { DATABASE, HOST, newPassword, USER } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

/** A primary and a replica that follows it by GTID. */
export function startMariadbPair(options: PairOptions = {}): Promise<Pair> {
  return withRetries(() => startOnce(options))
}

async function startOnce({ namespace }: PairOptions): Promise<Pair> {
  const account = accountOf('mysql')
  const directory = scratchDirectory('mariadb-pair', account)
  const password = newPassword()
  const [first = 0, second = 0] = await freePorts(2)
  const common = { directory, password, account }
  const primary = new Node({ ...common, name: 'n1', port: first, namespace }, 1)
  const replica = new Node({ ...common, name: 'n2', port: second }, 2)
  return await pairOf({ primary, replica, password, directory }, async () => {
    for (const name of ['n1', 'n2']) installMariadb(directory, name, account)
    await Promise.all([primary.restart(), replica.restart()])
    await replica.follow(primary)
  })
}

class Node implements ReplicatedNode {
  readonly host: string
  readonly port: number
  readonly #node: MariadbNode
  readonly #serverId: number
  #child: Child | undefined

  constructor(node: MariadbNode, serverId: number) {
    this.host = node.namespace?.host ?? HOST
    this.port = node.port
    this.#node = node
    this.#serverId = serverId
  }

  async kill(): Promise<void> {
    await this.#child?.stop()
  }

  async restart(): Promise<void> {
    const child = startMariadbd(this.#node, [
      `server-id=${this.#serverId}`,
      'log-bin=bin',
      'log-slave-updates',
      'binlog-format=ROW',
      'sync-binlog=0',
      `read-only=${this.#serverId === 1 ? 0 : 1}`,
      'rpl-semi-sync-slave-enabled=1',
      'rpl-semi-sync-master-timeout=3600000',
    ])
    this.#child = child
    await untilReady(`MariaDB (${this.#node.name})`, child, async () => {
      await this.ask('SELECT 1')
    })
  }

  /** Both made the same accounts at their start, so only what the primary writes from now on is followed. */
  async follow(primary: Node): Promise<void> {
    const [at] = await primary.ask('SELECT @@GLOBAL.gtid_binlog_pos AS position')
    const { password } = this.#node
    await this.ask('RESET MASTER')
    await this.ask(`SET GLOBAL gtid_slave_pos = '${at?.position}'`)
    await this.ask(
      `CHANGE MASTER TO master_host = '${primary.host}', master_port = ${primary.port}, master_user = '${USER}', ` +
        `master_password = '${password}', master_use_gtid = slave_pos, master_connect_retry = 1`,
    )
    await this.ask('START SLAVE')
  }

  /** What it has been given is applied first. */
  async promote(): Promise<void> {
    await this.ask('STOP SLAVE IO_THREAD')
    const [status] = await this.ask('SHOW SLAVE STATUS')
    await this.ask(`SELECT MASTER_GTID_WAIT('${status?.Gtid_IO_Pos}', 60)`)
    await this.ask('STOP SLAVE')
    await this.ask('RESET SLAVE ALL')
    await this.ask('SET GLOBAL read_only = 0')
  }

  async waitForReplica(mustWait: 'wait' | 'go on'): Promise<void> {
    await this.ask(`SET GLOBAL rpl_semi_sync_master_enabled = ${mustWait === 'wait' ? 1 : 0}`)
  }

  async delay(delayMs: number): Promise<void> {
    await this.ask('STOP SLAVE')
    await this.ask(`CHANGE MASTER TO master_delay = ${Math.ceil(delayMs / 1000)}`)
    await this.ask('START SLAVE')
  }

  ask(sql: string): Promise<readonly Record<string, unknown>[]> {
    return askMariadb(
      { ...mariadbAddress(this.port, this.#node.password, this.host), database: DATABASE },
      sql,
    )
  }
}
