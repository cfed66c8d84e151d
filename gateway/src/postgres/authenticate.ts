import { randomBytes } from 'node:crypto'
import { ProtocolViolation } from '@articdbm/contract'
import { encodeBackend, FRONTEND, Reader } from '@articdbm/wire/postgres'
import type { Gateway, SessionFacts } from '../gateway.ts'
import type { Arrival } from '../identity/identity.ts'
import type { Client } from './client.ts'
import { answerScram, MECHANISM } from './scram.ts'

/** Proves who it is by SCRAM-SHA-256. Throws the fault to end with; undefined when the client went away. */
export async function authenticate(
  client: Client,
  gateway: Gateway,
  user: string,
  arrival: Arrival,
): Promise<SessionFacts | undefined> {
  const candidate = await gateway.identity.find(user, arrival.address)
  await client.write(encodeBackend({ kind: 'authenticationSasl', mechanisms: [MECHANISM] }))
  const first = await credential(client)
  if (!first) return undefined
  const exchange = answerScram(
    readInitial(first),
    candidate.verifier,
    randomBytes(18).toString('base64'),
  )
  await client.write(
    encodeBackend({ kind: 'authenticationSaslContinue', bytes: Buffer.from(exchange.first) }),
  )
  const final = await credential(client)
  if (!final) return undefined
  const signature = exchange.verify(final.toString('utf8'))
  if (signature === undefined) throw await gateway.identity.refuse(candidate, arrival)
  const facts = await gateway.identity.open(candidate, arrival)
  await client.write(
    Buffer.concat([
      encodeBackend({ kind: 'authenticationSaslFinal', bytes: Buffer.from(signature) }),
      encodeBackend({ kind: 'authenticationOk' }),
    ]),
  )
  return facts
}

async function credential(client: Client): Promise<Buffer | undefined> {
  const frame = await client.next()
  if (!frame) return undefined
  if (frame.code !== FRONTEND.credential) {
    throw new ProtocolViolation(`expected a SASL response, got message type ${frame.code}`)
  }
  return frame.body
}

function readInitial(body: Buffer): string {
  const reader = new Reader(body)
  const mechanism = reader.text()
  if (mechanism !== MECHANISM) {
    throw new ProtocolViolation('client selected an invalid SASL authentication mechanism')
  }
  const message = reader.value()
  reader.end()
  if (!message) throw new ProtocolViolation('malformed SCRAM message')
  return message.toString('utf8')
}
