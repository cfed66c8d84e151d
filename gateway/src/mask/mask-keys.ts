import { deriveKey, type MasterKey } from '@articdbm/credential'

/** A key for each database, the same in every gateway and for good: hashes of one database can be matched by nobody else's. */
export function maskKeys(master: MasterKey): (databaseId: string) => Uint8Array {
  const known = new Map<string, Uint8Array>()
  return (databaseId) => {
    const key = known.get(databaseId) ?? deriveKey(master, `mask ${databaseId}`)
    known.set(databaseId, key)
    return key
  }
}
