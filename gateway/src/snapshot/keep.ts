// The last good snapshot on disk, sealed: a gateway starts from it when the manager is away.
import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { Snapshot } from '@articdbm/contract'
import { type MasterKey, NONCE_BYTES, seal, unseal } from '@articdbm/credential'
import { Compile } from 'typebox/compile'

const PURPOSE = 'snapshot on disk'
const isSnapshot = Compile(Snapshot)

/** Throws what is wrong with it: a snapshot is taken whole or not at all. */
export function parseSnapshot(value: unknown): Snapshot {
  if (isSnapshot.Check(value)) return value
  const [error] = isSnapshot.Errors(value)
  throw new Error(`not a snapshot: ${error?.instancePath} ${error?.message}`)
}

export async function keepSnapshot(
  path: string,
  master: MasterKey,
  snapshot: Snapshot,
): Promise<void> {
  const sealed = seal(master, PURPOSE, JSON.stringify(snapshot), randomBytes(NONCE_BYTES))
  await writeFile(`${path}.new`, sealed, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Undefined where none was kept yet. Throws when it can't be opened with this master key. */
export async function keptSnapshot(path: string, master: MasterKey): Promise<Snapshot | undefined> {
  const sealed = await readFile(path, 'utf8').catch(() => undefined)
  return sealed === undefined
    ? undefined
    : parseSnapshot(JSON.parse(unseal(master, PURPOSE, sealed)))
}
