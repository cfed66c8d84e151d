import { randomBytes } from 'node:crypto'
import { ProtocolViolation } from '@articdbm/contract'
import { encodeBackend, FRONTEND, Reader } from '@articdbm/wire/postgres'
import type { Gateway, SessionFacts } from '../gateway.ts'
import type { Arrival } from '../identity/identity.ts'
import type { Client } from './client.ts'
import { answerScram, MECHANISM, MECHANISM_PLUS } from './scram.ts'

/** Who a client says it is, over which channel. */
export interface Claim {
  readonly user: string
  /** The hash of the certificate that the client saw; undefined without TLS. */
  readonly binding: Buffer | undefined
}

/** Proves who it is by SCRAM-SHA-256. Throws the fault to end with; undefined when the client went away. */
export async function authenticate(
  client: Client,
  gateway: Gateway,
  { user, binding }: Claim,
  arrival: Arrival,
): Promise<SessionFacts | undefined> {
  const candidate = await gateway.identity.find(user, arrival.address)
  const mechanisms = binding ? [MECHANISM_PLUS, MECHANISM] : [MECHANISM]
  await client.write(encodeBackend({ kind: 'authenticationSasl', mechanisms }))
  const initial = await credential(client)
  if (!initial) return undefined
  const { mechanism, message } = readInitial(initial, mechanisms)
  const nonce = randomBytes(18).toString('base64')
  const { verifier } = candidate
  const exchange = answerScram(message, { verifier, nonce, mechanism, binding })
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

function readInitial(body: Buffer, offered: readonly string[]) {
  const reader = new Reader(body)
  const mechanism = reader.text()
  if (!offered.includes(mechanism)) {
    throw new ProtocolViolation('client selected an invalid SASL authentication mechanism')
  }
  const message = reader.value()
  reader.end()
  if (!message) throw new ProtocolViolation('malformed SCRAM message')
  return { mechanism, message: message.toString('utf8') }
}
