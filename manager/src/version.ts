import { readFileSync } from 'node:fs'

const FILE = new URL('../../.version', import.meta.url)

/** The product's version; `v0.1.0` where the file was not shipped. */
export function readVersion(): string {
  try {
    return readFileSync(FILE, 'utf8').trim()
  } catch {
    return 'v0.1.0'
  }
}
