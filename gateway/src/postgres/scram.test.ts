import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveVerifier } from '@articdbm/credential'
import { answerScram, beginScram, channelBinding, MECHANISM, MECHANISM_PLUS } from './scram.ts'

const HASH = Buffer.alloc(32, 9)
const PLAIN = { mechanism: MECHANISM, binding: undefined }
const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')

test('client and server prove the password to each other, with the nonces of RFC 7677', async () => {
  const client = beginScram('pencil', 'rOprNGfwEbeRWgbNEkqO')
  assert.equal(client.first, 'n,,n=,r=rOprNGfwEbeRWgbNEkqO')
  const verifier = await deriveVerifier('pencil', SALT, 4096)
  const server = answerScram(client.first, {
    ...PLAIN,
    verifier,
    nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  })
  assert.equal(
    server.first,
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  )
  const { final, expected } = await client.prove(server.first)
  assert.equal(server.verify(final), expected)
})

test('a wrong password proves nothing', async () => {
  const client = beginScram('pencils', 'abc')
  const server = answerScram(client.first, {
    ...PLAIN,
    verifier: await deriveVerifier('pencil', SALT),
    nonce: 'def',
  })
  assert.equal(server.verify((await client.prove(server.first)).final), undefined)
})

test('a proof for another nonce, or with another channel flag, is a violation', async () => {
  const verifier = await deriveVerifier('pencil', SALT)
  const server = answerScram('y,,n=,r=abc', { ...PLAIN, verifier, nonce: 'def' })
  const { final } = await beginScram('pencil', 'abc').prove(server.first)
  assert.throws(() => server.verify(final), /channel binding check failed/)
  const other = answerScram('n,,n=,r=abc', { ...PLAIN, verifier, nonce: 'xyz' })
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

test('a proof that is bound to the certificate holds for that certificate alone', async () => {
  const verifier = await deriveVerifier('pencil', SALT)
  const facts = { mechanism: MECHANISM_PLUS, binding: HASH, verifier, nonce: 'def' }
  const client = beginScram('pencil', 'abc', channelBinding(HASH, true))
  const server = answerScram(client.first, facts)
  const { final, expected } = await client.prove(server.first)
  assert.equal(server.verify(final), expected)
  const between = answerScram(client.first, { ...facts, binding: Buffer.alloc(32, 8) })
  assert.throws(() => between.verify(final), /channel binding check failed/)
})

const MISFITS = [
  ['y,,n=,r=abc', MECHANISM, /negotiation error/],
  ['p=tls-server-end-point,,n=,r=abc', MECHANISM, /do not fit together/],
  ['n,,n=,r=abc', MECHANISM_PLUS, /do not fit together/],
  ['p=tls-unique,,n=,r=abc', MECHANISM_PLUS, /unsupported SCRAM channel binding/],
  ['p=,,n=,r=abc', MECHANISM_PLUS, /malformed/],
  ['n=x,,n=,r=abc', MECHANISM, /malformed/],
  ['n,a=root,n=,r=abc', MECHANISM, /authorization names/],
] as const
for (const [first, mechanism, refusal] of MISFITS) {
  test(`where binding is offered, ${mechanism} refuses ${first}`, async () => {
    const verifier = await deriveVerifier('pencil', SALT)
    const facts = { mechanism, binding: HASH, verifier, nonce: 'def' }
    assert.throws(() => answerScram(first, facts), refusal)
  })
}

test('a client says "y" where it could bind and nothing was offered, "n" where it could not', () => {
  assert.equal(channelBinding(HASH, false).header, 'y,,')
  assert.equal(channelBinding(undefined, true).header, 'n,,')
})
