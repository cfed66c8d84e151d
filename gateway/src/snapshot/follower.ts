// Follows the manager's latest snapshot and swaps it whole; sessions see it at their next request.
import { EventEmitter } from 'node:events'
import type { Snapshot } from '@articdbm/contract'
import type { MasterKey } from '@articdbm/credential'
import type { Log } from '../log.ts'
import { Trouble } from '../observe/trouble.ts'
import { Directory } from './directory.ts'
import { keepSnapshot, keptSnapshot } from './keep.ts'
import type { ManagerLink } from './manager-link.ts'

const RETRY_MS = 500

export interface FollowerOptions {
  readonly link: ManagerLink
  readonly path: string
  readonly master: MasterKey
  readonly log: Log
}

export class SnapshotFollower {
  readonly #options: FollowerOptions
  readonly #events = new EventEmitter({ captureRejections: false }).setMaxListeners(0)
  #directory: Directory | undefined

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** Undefined until the first snapshot is there: nobody can log in before. */
  get directory(): Directory | undefined {
    return this.#directory
  }

  onSwap(listener: (directory: Directory) => void): void {
    this.#events.on('swap', listener)
  }

  async startFromKept(): Promise<void> {
    const { path, master, log } = this.#options
    try {
      const kept = await keptSnapshot(path, master)
      if (kept) this.#swap(kept)
    } catch (error) {
      log.warn({ err: error }, 'the snapshot kept on disk is not usable: waiting for the manager')
    }
  }

  /** Runs until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const trouble = new Trouble(this.#options.log, {
      begun: 'the manager gives no snapshot: judging with the last good one',
      ended: 'the manager gives snapshots again',
    })
    while (!signal.aborted) {
      try {
        await this.#step(signal)
        trouble.over()
      } catch (error) {
        if (signal.aborted) return
        trouble.met(error)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  /** True once a snapshot of at least this revision is there; false when it didn't come in time. */
  reached(revision: number, timeoutMs: number): Promise<boolean> {
    if ((this.#directory?.revision ?? -1) >= revision) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), timeoutMs)
      const look = (directory: Directory): void => {
        if (directory.revision >= revision) settle(true)
      }
      const settle = (isReached: boolean): void => {
        clearTimeout(timer)
        this.#events.off('swap', look)
        resolve(isReached)
      }
      this.#events.on('swap', look)
    })
  }

  async #step(signal: AbortSignal): Promise<void> {
    const { link, path, master, log } = this.#options
    const snapshot = await link.snapshotAfter(this.#directory?.revision ?? -1, signal)
    if (!snapshot) return
    this.#swap(snapshot)
    log.info({ revision: snapshot.revision }, 'took a new snapshot')
    await keepSnapshot(path, master, snapshot)
  }

  #swap(snapshot: Snapshot): void {
    this.#directory = new Directory(snapshot)
    this.#events.emit('swap', this.#directory)
  }
}
