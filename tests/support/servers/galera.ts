import { chownSync, globSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Account, Child } from './child.ts'
import { accountOf, removeDirectory, scratchDirectory } from './child.ts'
import { askMariadb, installMariadb, mariadbAddress, startMariadbd } from './mariadb.ts'
import { freePorts } from './port.ts'
import { HOST, newPassword, type Server } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

export interface GaleraNode extends Omit<Server, 'stop' | 'pid'> {
  readonly pid: () => number
  /** Ends it without a farewell, as a power cut does. */
  kill(): Promise<void>
  /** Starts it again; it returns when the node is Synced. */
  restart(): Promise<void>
}

export interface Galera {
  readonly nodes: readonly GaleraNode[]
  stop(): Promise<void>
}

/** A real cluster on the loopback interface. */
export function startGalera(count = 3): Promise<Galera> {
  return withRetries(() => startOnce(count))
}

function galeraLibrary(): string | undefined {
  return globSync('/usr/lib{,64,/*}/galera{,-4}/libgalera_smm.so')[0]
}

async function startOnce(count: number): Promise<Galera> {
  const account = accountOf('mysql')
  const directory = scratchDirectory('galera', account)
  const plans = await planNodes({ count, directory, account })
  installMariadb(directory, 'n1', account)
  const nodes: GaleraNode[] = []
  try {
    // One after the other: a joining node needs a donor that isn't busy with another one.
    for (const plan of plans) nodes.push(await startNode(plan))
  } catch (fault) {
    await stopAll(nodes, directory)
    throw fault
  }
  return { nodes, stop: () => stopAll(nodes, directory) }
}

async function stopAll(nodes: readonly GaleraNode[], directory: string): Promise<void> {
  await Promise.all(nodes.map((node) => node.kill()))
  removeDirectory(directory)
}

interface Plan {
  readonly index: number
  readonly name: string
  readonly directory: string
  readonly account: Account | undefined
  readonly password: string
  readonly ports: Ports
  readonly members: string
}

interface Ports {
  readonly sql: number
  readonly group: number
  readonly ist: number
  readonly sst: number
}

async function planNodes(common: {
  count: number
  directory: string
  account: Account | undefined
}): Promise<readonly Plan[]> {
  const password = newPassword()
  const ports = await Promise.all(Array.from({ length: common.count }, choosePorts))
  const members = ports.map(({ group }) => `${HOST}:${group}`).join(',')
  return ports.map((own, at) => {
    const { directory, account } = common
    return { index: at + 1, name: `n${at + 1}`, directory, account, password, ports: own, members }
  })
}

async function choosePorts(): Promise<Ports> {
  const [sql = 0, group = 0, ist = 0, sst = 0] = await freePorts(4)
  return { sql, group, ist, sst }
}

async function startNode(plan: Plan): Promise<GaleraNode> {
  const address = mariadbAddress(plan.ports.sql, plan.password)
  if (plan.index > 1) makeDataDirectory(plan)
  let child = await bringUp(plan, plan.index === 1)
  return {
    ...address,
    pid: () => child.pid,
    kill: () => child.stop(),
    restart: async () => {
      child = await bringUp(plan, false)
    },
  }
}

function makeDataDirectory({ directory, name, account }: Plan): void {
  const path = join(directory, name)
  mkdirSync(path, { recursive: true })
  if (account) chownSync(path, account.uid, account.gid)
}

async function bringUp(plan: Plan, isFirst: boolean): Promise<Child> {
  const { directory, name, password, account, ports } = plan
  const node = { directory, name, port: ports.sql, password, account }
  const child = startMariadbd(node, settingsOf(plan, isFirst))
  const address = mariadbAddress(ports.sql, password)
  await untilReady(`Galera node ${name}`, child, async () => {
    const [state] = await askMariadb(address, "SHOW STATUS LIKE 'wsrep_local_state_comment'")
    if (state?.Value !== 'Synced') throw new Error(`node ${name} is ${state?.Value}`)
  })
  return child
}

function settingsOf(plan: Plan, isFirst: boolean): readonly string[] {
  const { ports, index, name } = plan
  return [
    `server-id=${index}`,
    'innodb_autoinc_lock_mode=2',
    'default_storage_engine=InnoDB',
    'binlog_format=ROW',
    'wsrep_on=ON',
    `wsrep_provider=${galeraLibrary() ?? ''}`,
    'wsrep_cluster_name=articdbm',
    `wsrep_cluster_address=gcomm://${isFirst ? '' : plan.members}`,
    `wsrep_node_name=${name}`,
    `wsrep_node_address=${HOST}:${ports.group}`,
    `wsrep_node_incoming_address=${HOST}:${ports.sql}`,
    'wsrep_sst_method=rsync',
    `wsrep_sst_receive_address=${HOST}:${ports.sst}`,
    `wsrep_provider_options="${providerOptions(ports)}"`,
    'wsrep_slave_threads=2',
    'wsrep_retry_autocommit=0',
  ]
}

/** Short time-outs: a killed node is expelled in seconds. Every port is given, or Galera takes 4567 and its neighbours. */
function providerOptions(ports: Ports): string {
  return [
    `base_port=${ports.group}`,
    `gmcast.listen_addr=tcp://${HOST}:${ports.group}`,
    `ist.recv_addr=${HOST}:${ports.ist}`,
    'gcache.size=32M',
    'evs.suspect_timeout=PT2S',
    'evs.inactive_timeout=PT4S',
    'evs.install_timeout=PT4S',
    'evs.keepalive_period=PT0.5S',
    'pc.recovery=false',
  ].join(';')
}
