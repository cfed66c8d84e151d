import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { Account } from './child.ts'

export interface Certificate {
  readonly certificateFile: string
  readonly keyFile: string
}

/** A self-signed certificate for 127.0.0.1 and localhost; its file is its own authority's file. */
export async function makeCertificate(directory: string, owner?: Account): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const certificateFile = join(directory, 'server.crt')
  const keyFile = join(directory, 'server.key')
  writeFileSync(certificateFile, made.cert)
  writeFileSync(keyFile, made.private)
  chmodSync(keyFile, 0o600) // PostgreSQL refuses a key that others can read
  if (owner) for (const file of [certificateFile, keyFile]) chownSync(file, owner.uid, owner.gid)
  return { certificateFile, keyFile }
}
