// PostgreSQL's own parser, compiled to WASM. An instance that traps is retired: its memory can't be trusted.
import instantiate from 'libpg-query/wasm/libpg-query.js'
import type { Tree } from './tree.ts'

type PgQueryInstance = Awaited<ReturnType<typeof instantiate>>

export interface RawStatement {
  readonly stmt?: Tree
  /** Bytes; absent for 0. */
  readonly stmt_location?: number
  /** Bytes; absent for "to the end". */
  readonly stmt_len?: number
}

export type ParseOutcome =
  | { readonly kind: 'tree'; readonly statements: readonly RawStatement[] }
  /** `errorAt`: where the syntax is wrong, in characters from 1. */
  | { readonly kind: 'refused'; readonly why: string; readonly errorAt?: number }

const SPARES = 2
const MAX_INSTANCE_BYTES = 256 * 1024 * 1024

// The one state of this room: WASM loads asynchronously, and statements are read synchronously.
const instances: PgQueryInstance[] = []
let loading: Promise<void> | undefined

/** Idempotent. Resolves when statements can be parsed; rejects when the WASM file can't be loaded. */
export function loadPostgresParser(): Promise<void> {
  if (instances.length >= SPARES) return Promise.resolve()
  loading ??= fill().finally(() => {
    loading = undefined
  })
  return loading
}

async function fill(): Promise<void> {
  const silent = () => undefined
  while (instances.length < SPARES) {
    instances.push(await instantiate({ print: silent, printErr: silent }))
  }
}

/** Never throws. */
export function parseText(text: string): ParseOutcome {
  const instance = instances[0]
  if (instance === undefined) return refused("PostgreSQL's parser is not loaded")
  try {
    const outcome = parseWith(instance, text)
    if (instance.HEAPU8.length > MAX_INSTANCE_BYTES) retire(instance)
    return outcome
  } catch {
    retire(instance)
    return refused('too complex to read')
  }
}

function retire(instance: PgQueryInstance): void {
  instances.splice(instances.indexOf(instance), 1)
  // A failed reload leaves no instance, and then every statement is refused.
  loadPostgresParser().catch(() => undefined)
}

function parseWith(instance: PgQueryInstance, text: string): ParseOutcome {
  const bytes = instance.lengthBytesUTF8(text) + 1
  const pointer = instance._malloc(bytes)
  if (pointer === 0) throw new Error('out of memory')
  instance.stringToUTF8(text, pointer, bytes)
  const result = instance._wasm_parse_query_raw(pointer)
  if (result === 0) throw new Error('out of memory')
  const outcome = readResult(instance, result)
  instance._free(pointer)
  instance._wasm_free_parse_result(result)
  return outcome
}

const POINTER_BYTES = 4
/** Of PgQueryError: message, function, file, line, cursor, context. */
const CURSOR = 4 * POINTER_BYTES

function readResult(instance: PgQueryInstance, result: number): ParseOutcome {
  const error = instance.getValue(result + 2 * POINTER_BYTES, 'i32')
  if (error !== 0) {
    const { why } = refused(instance.UTF8ToString(instance.getValue(error, 'i32')))
    const errorAt = instance.getValue(error + CURSOR, 'i32')
    return errorAt > 0 ? { kind: 'refused', why, errorAt } : refused(why)
  }
  const tree = instance.UTF8ToString(instance.getValue(result, 'i32'))
  const { stmts } = JSON.parse(tree) as { stmts?: readonly RawStatement[] }
  return { kind: 'tree', statements: stmts ?? [] }
}

function refused(why: string): ParseOutcome & { readonly kind: 'refused' } {
  return { kind: 'refused', why }
}
