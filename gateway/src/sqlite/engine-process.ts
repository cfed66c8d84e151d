// The program of an engine's own process. SQLite's steps can't be interrupted from JavaScript and a thread in one
// can't be ended, so each connection has a process: the gateway kills it, or it kills itself.
import { Worker } from 'node:worker_threads'
import { Engine } from './engine.ts'
import type { Answer, Failure, Insert, Question, SessionState } from './messages.ts'

let engine: Engine | undefined

process.on('message', (question: Question) => answer(reply(question)))
process.on('disconnect', close)
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole group: the gateway decides when we end.
process.on('SIGTERM', () => {})

watch()
answer({ kind: 'ready' })

function answer(message: Answer): void {
  process.send?.(message)
}

function reply(question: Question): Answer {
  try {
    return replyOf(question)
  } catch (error) {
    const failure = failureOf(error)
    undo()
    return { kind: 'failed', ...failure, ...state() }
  }
}

function replyOf(question: Question): Answer {
  switch (question.kind) {
    case 'open':
      engine = new Engine(question.path)
      return done()
    case 'describe':
      return opened().describe(question.sql, question.allowed, question.isDefinition)
    case 'start':
      return opened().start(question)
    case 'next':
      return opened().next()
    case 'insert':
      return { kind: 'inserted', ...insert(question), ...state() }
    case 'finish':
      opened().finish(question.outcome)
      return done()
  }
}

function opened(): Engine {
  if (engine === undefined) throw new Error('no file is open')
  return engine
}

function done(): Answer {
  return { kind: 'done', ...state() }
}

function state(): SessionState {
  return engine?.state ?? { inTransaction: false, isPristine: true }
}

/** Up to the first row that fails. */
function insert(question: Insert): {
  readonly count: number
  readonly failure: Failure | undefined
} {
  let count = 0
  try {
    opened().insert(question, () => {
      count += 1
    })
    return { count, failure: undefined }
  } catch (error) {
    return { count, failure: failureOf(error) }
  }
}

function failureOf(error: unknown): Failure {
  const resultCode = (error as { readonly errcode?: number }).errcode
  const message = error instanceof Error ? error.message : String(error)
  return { message, resultCode }
}

function undo(): void {
  try {
    engine?.finish('undo')
  } catch {
    // The failure that led here is the one to tell.
  }
}

function close(): void {
  try {
    engine?.close()
  } finally {
    process.exit(0)
  }
}

/** Ends this process when its parent is gone or it takes too much memory, even in the middle of a step. */
function watch(): void {
  const program = `
    const { workerData } = require('node:worker_threads')
    setInterval(() => {
      if (process.ppid !== workerData.parent || process.memoryUsage.rss() > workerData.maxBytes) {
        process.kill(process.pid, 'SIGKILL')
      }
    }, 250)`
  const workerData = { parent: process.ppid, maxBytes: Number(process.argv[2]) }
  new Worker(program, { eval: true, workerData, env: {}, execArgv: [] }).unref()
}
