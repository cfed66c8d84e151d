import { encodeFrontend } from '@articdbm/wire/postgres'
import type { PreparedStatement } from './prepared-statement.ts'

export function parseFrame(name: string, { text, parameterTypes }: PreparedStatement): Buffer {
  return encodeFrontend({ kind: 'parse', statement: name, text, parameterTypes })
}

export function closeFrame(name: string): Buffer {
  return encodeFrontend({ kind: 'close', target: 'statement', name })
}
