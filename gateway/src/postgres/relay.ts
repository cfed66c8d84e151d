import { BackendUnavailable, ProtocolViolation } from '@articdbm/contract'
import { FRONTEND, type Frame } from '@articdbm/wire/postgres'
import { activity } from './channel.ts'
import type { Client } from './client.ts'
import type { Exchange } from './exchange.ts'
import type { Executor } from './executor.ts'

/** The client went away: nobody is left to be told anything. */
export class ClientGone extends Error {}

/** Passes answers to the client as fast as it takes them, and COPY lines to the backend. */
export class Relay {
  readonly #client: Client
  readonly #exchange: Exchange
  readonly #databaseName: string
  constructor(client: Client, exchange: Exchange, databaseName: string) {
    this.#client = client
    this.#exchange = exchange
    this.#databaseName = databaseName
  }

  /** What a lost connection is told as. */
  get loss(): BackendUnavailable {
    return new BackendUnavailable(this.#databaseName, 'the connection was lost')
  }

  /** Until nothing more is due. */
  async finish(executor: Executor): Promise<void> {
    while (!this.#exchange.isSettled) {
      if (this.#client.isGone) throw new ClientGone()
      if (this.#exchange.wantsCopy) {
        await this.#copyIn(executor)
        // In the extended protocol the completion waits for the Sync that the client still has to send.
        if (!this.#exchange.isDue) return
      } else if (executor.hasAnswer) await this.receive(executor)
      else await activity(this.#client, executor)
    }
  }

  /** The next stretch of the answer. */
  async receive(executor: Executor): Promise<void> {
    this.#client.onActivity = () => {
      if (this.#client.isGone) void executor.cancel()
    }
    const pieces = await executor.receive()
    if (!pieces) throw this.loss
    await this.say(this.#exchange.relay(pieces))
    if (this.#exchange.hasFailed) throw new ClientGone('the backend ended the session')
  }

  async say(said: readonly Buffer[]): Promise<void> {
    const [only, ...more] = said
    if (only) await this.#client.write(more.length === 0 ? only : Buffer.concat(said))
  }

  async #copyIn(executor: Executor): Promise<void> {
    while (this.#exchange.wantsCopy) {
      const frame = executor.hasAnswer ? undefined : this.#client.take()
      if (executor.hasAnswer) await this.receive(executor)
      else if (frame) await this.#passLine(executor, frame)
      else if (this.#client.hasEnded) throw new ClientGone()
      else await activity(this.#client, executor)
    }
  }

  async #passLine(executor: Executor, frame: Frame): Promise<void> {
    // The backend ignores both while it reads COPY lines.
    if (frame.code === FRONTEND.sync || frame.code === FRONTEND.flush) return
    if (frame.code === FRONTEND.copyDone || frame.code === FRONTEND.copyFail) {
      this.#exchange.copyEnded()
    } else if (frame.code !== FRONTEND.copyData) {
      throw new ProtocolViolation(`unexpected message type ${frame.code} during COPY from stdin`)
    }
    this.#exchange.copyPassed(frame.bytes.length)
    await executor.send([{ bytes: frame.bytes }])
  }
}
