import { MAX_SQL_FILE_BYTES, MAX_SQL_FILE_NAME } from '@articdbm/contract/bounds'

const TOO_LONG = 'More than 1 MiB: split it'

type Read =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text?: undefined; readonly problem: string }

/** The text of a chosen file, or why it can't be one; what is too long is not read at all. */
export async function readSqlFile(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<Read> {
  if (file.size > MAX_SQL_FILE_BYTES) return { problem: TOO_LONG }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()) }
  } catch {
    return { problem: 'This file is not text: save it as UTF-8' }
  }
}

/** What is wrong with a text before it is sent; undefined: nothing that can be told here. */
export function problemOfText(text: string): string | undefined {
  if (text.trim() === '') return 'Choose a file, or type the statements'
  return new Blob([text]).size > MAX_SQL_FILE_BYTES ? TOO_LONG : undefined
}

/** A file's own name as the manager takes names: `a (1).sql` becomes `a 1 .sql`. */
export function nameOfFile(name: string): string {
  return name
    .replaceAll(/[^A-Za-z0-9._-]+/g, ' ')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_SQL_FILE_NAME)
    .trim()
}
