// servers: private real servers for tests, on free loopback ports, with all their state in a directory that
// ends with them. Each server dies with the process that started it, even when that one is killed.
export { FaultProxy } from './fault-proxy.ts'
export { type Galera, type GaleraNode, startGalera } from './galera.ts'
export { startMariadb } from './mariadb.ts'
export { startMariadbPair } from './mariadb-pair.ts'
export { Namespace } from './namespace.ts'
export type { Pair, PairOptions, ReplicatedNode } from './pair.ts'
export { freePort, freePorts } from './port.ts'
export { startPostgres } from './postgres.ts'
export { startPostgresPair } from './postgres-pair.ts'
export { startRedis } from './redis.ts'
export type { Server, ServerOptions } from './server.ts'
export { type ServerName, type ServerUrl, serverUrl } from './server-url.ts'
