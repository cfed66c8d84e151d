import { once } from 'node:events'
import { chownSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import {
  accountOf,
  removeDirectory,
  scratchDirectory,
  startChild,
} from '../../../tests/support/servers/child.ts'
import { freePort } from '../../../tests/support/servers/index.ts'
import { HOST } from '../../../tests/support/servers/server.ts'
import { untilReady, withRetries } from '../../../tests/support/servers/wait.ts'
import type { Address, Way, WayName } from './way.ts'

export interface Recipe {
  readonly name: WayName
  /** The system's account that it runs as when this process is root. */
  readonly account: string
  /** Ends it at once. */
  readonly signal: NodeJS.Signals
  readonly note?: string
  readonly address: Omit<Address, 'host' | 'port'>
  /** Files in its own directory, and the command that reads them. */
  compose(place: Place): Promise<Composition>
}

export interface Place {
  readonly directory: string
  readonly port: number
}

export interface Composition {
  readonly files: Readonly<Record<string, string>>
  readonly file: string
  readonly args: readonly string[]
}

/** Starts a proxy with a directory of its own, and waits until it accepts. */
export function startProxy(recipe: Recipe): Promise<Way> {
  return withRetries(() => startOnce(recipe))
}

async function startOnce(recipe: Recipe): Promise<Way> {
  const account = accountOf(recipe.account)
  const directory = scratchDirectory(recipe.name, account)
  const port = await freePort()
  const { files, file, args } = await recipe.compose({ directory, port })
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name)
    writeFileSync(path, text, { mode: 0o600 })
    if (account) chownSync(path, account.uid, account.gid)
  }
  const child = startChild({ file, args, directory, account }, recipe.signal)
  await untilReady(recipe.name, child, () => accepts(port))
  return {
    name: recipe.name,
    address: { host: HOST, port, ...recipe.address },
    pids: [child.pid],
    managerPids: [],
    note: recipe.note ?? '',
    settle: async () => undefined,
    [Symbol.asyncDispose]: async () => {
      await child.stop()
      removeDirectory(directory)
    },
  }
}

async function accepts(port: number): Promise<void> {
  const socket = connect({ host: HOST, port, timeout: 1_000 })
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

/** `key = value` lines. */
export function settingLines(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')
}
