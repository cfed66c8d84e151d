import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { certificateHash } from './certificate-hash.ts'

const options = { skip: spawnSync('openssl', ['version']).error ? 'needs openssl' : false }
const folder = mkdtempSync(join(tmpdir(), 'articdbm-certificate-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A certificate of openssl's: none but it makes every kind of signature. */
function made(...wishes: string[]): Buffer {
  const [key, out] = [join(folder, 'key.pem'), join(folder, 'crt.pem')]
  const common = ['-x509', '-nodes', '-keyout', key, '-out', out, '-subj', '/CN=x', '-days', '2']
  execFileSync('openssl', ['req', ...common, ...wishes], { stdio: 'ignore' })
  return new X509Certificate(readFileSync(out)).raw
}

const RSA = ['-newkey', 'rsa:2048']
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
const PSS = [...RSA, '-sigopt', 'rsa_padding_mode:pss']

const KINDS: readonly (readonly [string, readonly string[], string])[] = [
  ['RSA with SHA-256', [...RSA, '-sha256'], 'sha256'],
  ['RSA with SHA-384', [...RSA, '-sha384'], 'sha384'],
  ['RSA with SHA-512', [...RSA, '-sha512'], 'sha512'],
  ['RSA with SHA-1', [...RSA, '-sha1'], 'sha256'],
  ['ECDSA with SHA-256', [...EC, '-sha256'], 'sha256'],
  ['ECDSA with SHA-384', [...EC, '-sha384'], 'sha384'],
  ['RSA-PSS with SHA-384', [...PSS, '-sha384'], 'sha384'],
  ['RSA-PSS with SHA-1', [...PSS, '-sha1'], 'sha256'],
]

for (const [name, wishes, hash] of KINDS) {
  test(`${name} is bound by ${hash}`, options, () => {
    const der = made(...wishes)
    assert.deepEqual(certificateHash(der), createHash(hash).update(der).digest())
  })
}

test('Ed25519 names no hash: nothing can be bound to it', options, () => {
  assert.equal(certificateHash(made('-newkey', 'ed25519')), undefined)
})

test('what is not a certificate, or cut anywhere, has no hash and does no harm', options, () => {
  const der = made(...PSS, '-sha256')
  for (let length = 0; length < der.length; length += 1) {
    assert.equal(certificateHash(der.subarray(0, length)), undefined)
  }
})
