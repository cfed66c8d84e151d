// The doors' certificate: the operator's, or one that the gateway signs itself and keeps.
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate } from 'selfsigned'

const DAYS = 825

export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
}

/** Makes a certificate for localhost in the folder, unless one is there. Returns its files. */
export async function ensureCertificate(directory: string): Promise<CertificateFiles> {
  const files = { certificate: join(directory, 'door.crt'), key: join(directory, 'door.key') }
  if (existsSync(files.certificate) && existsSync(files.key)) return files
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + DAYS * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  await writeWhole(files.key, made.private)
  await writeWhole(files.certificate, made.cert)
  return files
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
}
