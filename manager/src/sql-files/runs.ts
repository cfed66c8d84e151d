import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine, SqlFileRun, SqlFileSeen } from '@articdbm/contract'
import { administerQuietly } from '../audit/administer.ts'
import type { DoorParts } from '../console/open-door.ts'
import { openDoor } from '../console/open-door.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Actor } from '../identity/actor.ts'
import { NotFound, Outdated, type Tx } from '../store/index.ts'
import { partsOf } from './check.ts'
import { execute, type Outcome, type StopReason } from './execute.ts'
import { isLost, LOST, presentRun } from './present.ts'
import {
  findFile,
  findRun,
  holdFile,
  insertRun,
  type NamedFile,
  runningOf,
  updateRun,
} from './store.ts'

const SAY_EVERY_MS = 1_000
/** Sooner than others take the run for lost. */
const SILENT_AT_MOST_MS = 15_000
const MAX_RUNS = 20
const SETTLED_WITHIN_MS = 8_000

export interface RunParts extends DoorParts {
  readonly stopping: AbortSignal
}

export class Runs {
  readonly #parts: RunParts
  readonly #stops = new Map<string, AbortController>()
  readonly #ends = new Set<Promise<void>>()

  constructor(parts: RunParts) {
    this.#parts = parts
    const stopAll = (): void => {
      for (const stop of this.#stops.values()) stop.abort('interrupted' satisfies StopReason)
    }
    parts.stopping.addEventListener('abort', stopAll, { once: true })
  }

  /** `file` may be executed by the actor; the rest is looked at under its lock. */
  async begin(actor: Actor, fileId: string, seen: SqlFileSeen): Promise<SqlFileRun> {
    if (this.#stops.size >= MAX_RUNS) {
      throw new NotAcceptable('too_many_runs', `${MAX_RUNS} files are being executed: wait for one`)
    }
    const { base } = this.#parts
    const id = randomUUID()
    const file = await administerQuietly(base, actor, async (tx) => {
      const result = await runnable(tx, fileId, seen)
      await this.#endLost(tx, fileId)
      const at = base.now().toISOString()
      await insertRun(tx, {
        ...{ id, file_id: fileId, sha256: result.sha256, version: result.version },
        ...{ approved_by: result.approved_by ?? '', started_by: actor.userId },
        ...{ started_at: at, seen_at: at, ended_at: null, state: 'running', done: 0 },
        statements: (JSON.parse(result.checks) as unknown[]).length,
        ...{ is_cancel_asked: false, error: '' },
      })
      const after = { run: id, sha256: result.sha256, database: result.database_name }
      return {
        result,
        action: 'sql-file.run',
        subject: `sql-file:${result.name}`,
        before: null,
        after,
      }
    })
    const stop = new AbortController()
    this.#stops.set(id, stop)
    if (this.#parts.stopping.aborted) stop.abort('interrupted' satisfies StopReason)
    const end = this.#execute({ id, file, actor, stop })
      .catch((err) => base.log.error({ err, run: id }, "a run's end could not be stored"))
      .finally(() => {
        this.#stops.delete(id)
        this.#ends.delete(end)
      })
    this.#ends.add(end)
    base.announce('sql-files')
    return this.get(id)
  }

  async cancel(actor: Actor, fileId: string, id: string): Promise<SqlFileRun> {
    const { base } = this.#parts
    await administerQuietly(base, actor, async (tx) => {
      const run = await findRun(tx, id)
      if (!run || run.file_id !== fileId) throw new NotFound(`run "${id}"`)
      if (!(await updateRun(tx, id, { is_cancel_asked: true }))) {
        throw new NotAcceptable('run_ended', 'this run has ended already')
      }
      const after = { run: id }
      return {
        result: undefined,
        action: 'sql-file.cancel',
        subject: `sql-file-run:${id}`,
        before: null,
        after,
      }
    })
    this.#stops.get(id)?.abort('cancelled' satisfies StopReason)
    return this.get(id)
  }

  async settled(): Promise<void> {
    await Promise.race([
      Promise.all(this.#ends),
      sleep(SETTLED_WITHIN_MS, undefined, { ref: false }),
    ])
  }

  async get(id: string): Promise<SqlFileRun> {
    const row = await this.#parts.base.store.read((db) => findRun(db, id))
    if (!row) throw new NotFound(`run "${id}"`)
    return presentRun(row, this.#parts.base.now())
  }

  async #endLost(tx: Tx, fileId: string): Promise<void> {
    const now = this.#parts.base.now()
    for (const run of await runningOf(tx, fileId)) {
      if (!isLost(run, now)) {
        throw new NotAcceptable(
          'run_under_way',
          'this file is being executed: wait, or cancel that',
        )
      }
      await updateRun(tx, run.id, {
        state: 'interrupted',
        ended_at: now.toISOString(),
        error: LOST,
      })
    }
  }

  async #execute({ id, file, actor, stop }: Begun): Promise<void> {
    const engine = file.engine as Engine
    const life = this.#keepAlive(id, stop)
    let done = 0
    const outcome = await execute({
      ...{ engine, parts: partsOf(file.sql_text, engine), isTransaction: file.is_transaction },
      open: () =>
        openDoor(this.#parts, {
          ...{ actor, database: file.database_name, engine },
          ...{ door: 'rest', scope: 'session', onNotice: () => undefined },
        }),
      told: async (count) => {
        done = count
        life.done = count
      },
      signal: stop.signal,
    })
    clearInterval(life.timer)
    await this.#finish({ id, actor, file }, outcome, done)
  }

  /** Says that the run lives and how far it is, hears of cancels, and stops it when it can't say so any more. */
  #keepAlive(id: string, stop: AbortController): { timer: NodeJS.Timeout; done: number } {
    const { base } = this.#parts
    let saidMs = base.now().getTime()
    const say = async (): Promise<void> => {
      const now = base.now()
      const changes = { seen_at: now.toISOString(), done: life.done }
      const isOurs = await base.store.transaction((tx) => updateRun(tx, id, changes), {
        isIdempotent: true,
      })
      saidMs = now.getTime()
      const run = await base.store.read((db) => findRun(db, id))
      if (!isOurs) stop.abort('interrupted' satisfies StopReason)
      else if (run?.is_cancel_asked) stop.abort('cancelled' satisfies StopReason)
    }
    let isSaying = false
    const tick = (): void => {
      if (base.now().getTime() - saidMs > SILENT_AT_MOST_MS) {
        stop.abort('interrupted' satisfies StopReason)
      }
      if (isSaying) return
      isSaying = true
      say()
        .catch((err) => base.log.warn({ err, run: id }, 'a run could not tell how far it is'))
        .finally(() => {
          isSaying = false
        })
    }
    const life = { timer: setInterval(tick, SAY_EVERY_MS), done: 0 }
    return life
  }

  async #finish({ id, actor, file }: Omit<Begun, 'stop'>, outcome: Outcome, done: number) {
    const { base } = this.#parts
    await administerQuietly(base, actor, async (tx) => {
      const error = outcome.error.slice(0, 2_000)
      const changes = { state: outcome.state, ended_at: base.now().toISOString(), done, error }
      await updateRun(tx, id, changes)
      const after = { run: id, state: outcome.state, done, error }
      return {
        result: undefined,
        action: 'sql-file.ended',
        subject: `sql-file:${file.name}`,
        before: null,
        after,
      }
    })
    base.announce('sql-files')
  }
}

interface Begun {
  readonly id: string
  readonly file: NamedFile
  readonly actor: Actor
  readonly stop: AbortController
}

async function runnable(tx: Tx, id: string, seen: SqlFileSeen): Promise<NamedFile> {
  await holdFile(tx, id)
  const file = await findFile(tx, id)
  if (!file) throw new NotFound(`SQL file "${id}"`)
  if (file.sha256 !== seen.sha256 || Number(file.version) !== seen.version) {
    throw new Outdated(`SQL file ${file.name}`)
  }
  if (file.approved_by === null || !file.is_valid) {
    throw new NotAcceptable('not_approved', 'nobody has approved this very text: ask somebody to')
  }
  return file
}
