// mysql: the MySQL door. A client's session, from accept to close, to MySQL, MariaDB and SQLite databases.
//
// What it is: login/ proves who it is, session/ takes its commands, server/ executes them on MySQL backends and
// sqlite/ on SQLite files, lane/ is the short way of plain short reads, backend/ is one connection to a server.
// What it must never do: forward what was not judged and recorded, or a text that the backend would read otherwise.
// Begin with session/session.ts, then server/executor.ts.
import type { Socket } from 'node:net'
import { type Engine, UnknownDatabase } from '@articdbm/contract'
import { encodeErr } from '@articdbm/wire/mysql'
import type { Gateway, WireDoor } from '../gateway.ts'
import { SessionLanes } from '../lane/session-lanes.ts'
import { catchUpGalera } from './backend/catch-up.ts'
import { backendDialer } from './backend/dial.ts'
import { probeMysql } from './backend/probe.ts'
import { PacketChannel } from './channel.ts'
import { ClientGone } from './endings.ts'
import { createLanes } from './lane/line.ts'
import { LoginFailed, logIn } from './login/log-in.ts'
import { createServerKey } from './login/server-key.ts'
import { errOf, Reply } from './reply.ts'
import { ServerExecutor } from './server/executor.ts'
import type { SessionSide } from './session/executor.ts'
import { MysqlSession, type SessionDoor } from './session/session.ts'
import { SqliteExecutor } from './sqlite/executor.ts'

const ENGINES: readonly Engine[] = ['mysql', 'mariadb', 'galera']
const MAX_CONNECTION_ID = 0x7fff_ffff
/** Before the login a client has no business sending more. */
const MAX_LOGIN_BYTES = 65_536

export function createMysqlDoor(gateway: Gateway, serverVersion: string): WireDoor {
  const serverKey = createServerKey()
  const pools = {
    changed: gateway.createPools({
      ...{ dial: backendDialer(false), engines: ENGINES, probe: probeMysql },
      catchUp: catchUpGalera,
    }),
    found: gateway.createPools({ dial: backendDialer(true), catchUp: catchUpGalera }),
  }
  const lanes = createLanes()
  const channels = new Map<number, PacketChannel>()
  const sessions = new Map<number, MysqlSession>()
  let lastId = 0

  const createExecutor = (session: SessionSide) => {
    if (databaseOf(session).engine === 'sqlite') {
      return new SqliteExecutor(session, () => gateway.sqlite.of(databaseOf(session)))
    }
    const { changed, found } = pools
    const own = session.countsFoundRows ? found : changed
    return new ServerExecutor(
      session,
      () => own.of(databaseOf(session)),
      new SessionLanes({
        ...{ lanes, keyOf: (charset: string) => charset },
        // Reads don't care whose rows are counted: one pool's connections serve all.
        pools: pools.changed,
        database: () => gateway.database(session.facts.databaseId),
        adopt: (connection, charset) => connection.becomeShared(charset),
      }),
    )
  }

  const databaseOf = ({ facts }: SessionSide) => {
    const database = gateway.database(facts.databaseId)
    if (!database) throw new UnknownDatabase(facts.databaseId)
    return database
  }

  const serveChannel = async (channel: PacketChannel, address: string, connectionId: number) => {
    const door: SessionDoor = {
      ...{ gateway, identity: gateway.identity, serverKey, serverVersion, address, connectionId },
      ...{ createExecutor, sessionOf: (id: number) => sessions.get(id) },
    }
    try {
      const login = await logInInTime(channel, door)
      channel.maxPayloadBytes = gateway.limits.maxRequestBytes
      const session = new MysqlSession(channel, login, door)
      sessions.set(connectionId, session)
      await session.converse()
    } catch (error) {
      await endWith(error, channel, gateway)
    } finally {
      sessions.delete(connectionId)
    }
  }

  return {
    serve: async (socket: Socket, address: string) => {
      const channel = new PacketChannel(socket, {
        stallTimeoutMs: gateway.limits.stallTimeoutMs,
        maxPayloadBytes: MAX_LOGIN_BYTES,
      })
      lastId = (lastId % MAX_CONNECTION_ID) + 1
      const connectionId = lastId
      channels.set(connectionId, channel)
      await serveChannel(channel, address, connectionId)
      channels.delete(connectionId)
      channel.finish()
    },
    close: async () => {
      for (const channel of channels.values()) channel.close()
      lanes.close()
      await Promise.all([pools.changed.close(), pools.found.close()])
    },
  }
}

async function logInInTime(channel: PacketChannel, door: SessionDoor) {
  const timer = setTimeout(() => channel.close(), door.gateway.limits.loginTimeoutMs)
  try {
    return await logIn(channel, door)
  } finally {
    clearTimeout(timer)
  }
}

/** The last word to a client that is still there. */
async function endWith(error: unknown, channel: PacketChannel, gateway: Gateway): Promise<void> {
  if (error instanceof ClientGone || !channel.isOpen) return
  const cause = error instanceof LoginFailed ? error.cause : error
  const sequence = error instanceof LoginFailed ? error.sequence : 0
  if (errOf(cause).errno === 1105) gateway.log.error({ err: cause }, 'a session failed')
  const reply = new Reply(channel, sequence)
  await reply.send([encodeErr(errOf(cause))]).catch(() => undefined)
}
