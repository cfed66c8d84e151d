import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveVerifier } from '@articdbm/credential'
import { answerScram, beginScram } from './scram.ts'

const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')

test('client and server prove the password to each other, with the nonces of RFC 7677', async () => {
  const client = beginScram('pencil', 'rOprNGfwEbeRWgbNEkqO')
  assert.equal(client.first, 'n,,n=,r=rOprNGfwEbeRWgbNEkqO')
  const verifier = await deriveVerifier('pencil', SALT, 4096)
  const server = answerScram(client.first, verifier, '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0')
  assert.equal(
    server.first,
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  )
  const { final, expected } = await client.prove(server.first)
  assert.equal(server.verify(final), expected)
})

test('a wrong password proves nothing', async () => {
  const client = beginScram('pencils', 'abc')
  const server = answerScram(client.first, await deriveVerifier('pencil', SALT), 'def')
  assert.equal(server.verify((await client.prove(server.first)).final), undefined)
})

test('a proof for another nonce, or with another channel flag, is a violation', async () => {
  const verifier = await deriveVerifier('pencil', SALT)
  const server = answerScram('y,,n=,r=abc', verifier, 'def')
  const { final } = await beginScram('pencil', 'abc').prove(server.first)
  assert.throws(() => server.verify(final), /channel binding check failed/)
  const other = answerScram('n,,n=,r=abc', verifier, 'xyz')
  assert.throws(() => other.verify(final), /nonce mismatch/)
})

const CHALLENGES = [
  'r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  'r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  'r=abcd,s=***,i=4096',
  'r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0',
  'r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999',
  `r=abc${'x'.repeat(600)},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
  '',
]
for (const challenge of CHALLENGES) {
  test(`a backend's challenge is refused: ${JSON.stringify(challenge.slice(0, 50))}`, async () => {
    await assert.rejects(beginScram('pencil', 'abc').prove(challenge), /malformed SCRAM/)
  })
}
