import { removeDirectory } from './child.ts'
import type { Namespace } from './namespace.ts'
import { DATABASE, USER } from './server.ts'

export interface ReplicatedNode {
  readonly host: string
  readonly port: number
  /** Ends it without a farewell, as a power cut does. */
  kill(): Promise<void>
  /** Starts it again as it was. */
  restart(): Promise<void>
  /** It becomes a primary. */
  promote(): Promise<void>
  /** Replays what comes only this much later; 0 for at once. */
  delay(delayMs: number): Promise<void>
  /** Of a primary: from now on a write is acknowledged when the replica has it, however long that takes. Or no more. */
  waitForReplica(mustWait: 'wait' | 'go on'): Promise<void>
  ask(sql: string): Promise<readonly Record<string, unknown>[]>
}

export interface PairOptions {
  /** Where the primary is, instead of on the loopback interface. */
  readonly namespace?: Namespace
}

/** A primary and a replica that follows it. */
export interface Pair {
  readonly primary: ReplicatedNode
  readonly replica: ReplicatedNode
  readonly user: string
  readonly password: string
  readonly database: string
  stop(): Promise<void>
}

interface Parts {
  readonly primary: ReplicatedNode
  readonly replica: ReplicatedNode
  readonly password: string
  /** Of both; it goes with them. */
  readonly directory: string
}

/** Once `start` is done; where it fails, nothing of them is left. */
export async function pairOf(
  { primary, replica, password, directory }: Parts,
  start: () => Promise<void>,
): Promise<Pair> {
  const stop = async () => {
    await Promise.all([primary.kill(), replica.kill()])
    removeDirectory(directory)
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return { primary, replica, user: USER, password, database: DATABASE, stop }
}
