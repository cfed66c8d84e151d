import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  cachingSha2Digest,
  cachingSha2Scramble,
  clientProof,
  deriveVerifier,
  isCachingSha2Scramble,
  isPasswordOf,
  isProofOf,
  issueToken,
  parseMasterKey,
  readToken,
  saltPassword,
  seal,
  serverSignature,
  unseal,
} from './index.ts'

const master = randomBytes(32)
const nonce = () => randomBytes(12)

test('the example of RFC 7677 section 3 proves and is proved', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const auth =
    'n=user,r=rOprNGfwEbeRWgbNEkqO,' +
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,' +
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const verifier = await deriveVerifier('pencil', salt)
  const { proof } = clientProof(await saltPassword('pencil', salt, 4096), auth)
  assert.equal(proof.toString('base64'), 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=')
  assert.equal(
    serverSignature(verifier, auth).toString('base64'),
    '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  )
  assert.equal(isProofOf(verifier, auth, proof), true)
  assert.equal(isProofOf(verifier, `${auth}x`, proof), false)
  assert.equal(isProofOf(verifier, auth, proof.subarray(1)), false)
})

test('a password is told from others, whatever its characters', async () => {
  for (const password of ['pencil', '', 'pä\u00a0ss', '\u2168', '🔑'.repeat(40)]) {
    const verifier = await deriveVerifier(password, randomBytes(16))
    assert.equal(await isPasswordOf(verifier, password), true)
    assert.equal(await isPasswordOf(verifier, `${password}x`), false)
  }
})

test('caching_sha2_password proves a password by its digest alone', () => {
  const seed = randomBytes(20)
  const digest = cachingSha2Digest('secret')
  assert.equal(isCachingSha2Scramble(cachingSha2Scramble('secret', seed), digest, seed), true)
  assert.equal(isCachingSha2Scramble(cachingSha2Scramble('Secret', seed), digest, seed), false)
  assert.equal(isCachingSha2Scramble(Buffer.alloc(0), digest, seed), false)
})

test('what is sealed opens with the same key and purpose, unchanged', () => {
  const sealed = seal(master, 'test', 'a secret ✓', nonce())
  assert.equal(unseal(master, 'test', sealed), 'a secret ✓')
  assert.ok(!sealed.includes('secret'))
  const middle = sealed.length - 10
  const other = sealed[middle] === 'A' ? 'B' : 'A'
  const changed = sealed.slice(0, middle) + other + sealed.slice(middle + 1)
  for (const [key, purpose, text] of [
    [master, 'other', sealed],
    [randomBytes(32), 'test', sealed],
    [master, 'test', changed],
    [master, 'test', 'v1.x'],
    [master, 'test', ''],
  ] as const) {
    assert.throws(() => unseal(key, purpose, text))
  }
})

test('a master key is 32 bytes in base64 or hexadecimal', () => {
  assert.deepEqual(parseMasterKey(`${master.toString('base64')}\n`), master)
  assert.deepEqual(parseMasterKey(master.toString('hex')), master)
  assert.throws(() => parseMasterKey('too short'))
})

test('a token carries its claims, and only the master key makes one', () => {
  const claims = {
    nonce: 'n'.repeat(16),
    principalId: 'p',
    database: 'shop',
    door: 'rest',
    address: '192.0.2.1',
    scope: 'session',
    revision: 1,
    validUntilMs: 5,
  } as const
  const { user } = issueToken(master, claims)
  assert.deepEqual(readToken(master, user), claims)
  assert.equal(readToken(randomBytes(32), user), undefined)
  const forged = Buffer.from(JSON.stringify({ ...claims, principalId: 'other' })).toString(
    'base64url',
  )
  assert.equal(readToken(master, `tmp_${forged}.${user.split('.')[1]}`), undefined)
  for (const text of ['', 'tmp_', 'tmp_.', 'ada', `tmp_${'x'.repeat(5000)}`]) {
    assert.equal(readToken(master, text), undefined)
  }
})
