// The client's side of start-up: credentials, parameters, the cancel key, and the first ReadyForQuery.
import { createHash, randomBytes } from 'node:crypto'
import type { Secret } from '@articdbm/contract'
import {
  type BackendMessage,
  decodeBackend,
  encodeFrontend,
  encodeSaslInitial,
  encodeStartup,
  FrameReader,
} from '@articdbm/wire/postgres'
import type { Channel } from '../channel.ts'
import { beginScram, channelBinding, MECHANISM, MECHANISM_PLUS } from '../scram.ts'

const MAX_LOGIN_FRAME_BYTES = 65_536

export interface LoggedIn {
  readonly parameters: Map<string, string>
  readonly cancelKey: { readonly processId: number; readonly secret: Buffer } | undefined
}

export interface LoginFacts {
  readonly user: string
  readonly password: Secret
  readonly database: string
  /** With the hash of the backend's certificate, where there is one to be had; undefined without TLS. */
  readonly encryption: { readonly binding: Buffer | undefined } | undefined
}

/** Rejects with the backend's own words, which never hold the password. */
export async function logIn(channel: Channel, facts: LoginFacts): Promise<LoggedIn> {
  const login = new Login(channel, facts)
  await login.begin()
  return await login.finish()
}

class Login {
  readonly #channel: Channel
  readonly #facts: LoginFacts
  readonly #reader = new FrameReader(MAX_LOGIN_FRAME_BYTES)
  constructor(channel: Channel, facts: LoginFacts) {
    this.#channel = channel
    this.#facts = facts
  }

  async begin(): Promise<void> {
    const parameters = new Map([
      ['user', this.#facts.user],
      ['database', this.#facts.database],
      ['application_name', 'articdbm'],
      ['client_encoding', 'UTF8'],
      ['standard_conforming_strings', 'on'],
    ])
    await this.#channel.write(encodeStartup({ kind: 'startup', major: 3, minor: 0, parameters }))
    await this.#authenticate()
  }

  async #authenticate(): Promise<void> {
    for (;;) {
      const message = await this.#next()
      switch (message.kind) {
        case 'authenticationOk':
          return
        case 'authenticationCleartext':
          await this.#sendCleartext()
          break
        case 'authenticationMd5':
          await this.#sendPassword(md5Of(this.#facts, message.salt))
          break
        case 'authenticationSasl':
          await this.#prove(message.mechanisms)
          break
        case 'noticeResponse':
        case 'negotiateProtocolVersion':
          break
        default:
          throw new Error(`it asks for a log-in that is not supported (${message.kind})`)
      }
    }
  }

  async #sendCleartext(): Promise<void> {
    if (!this.#facts.encryption) throw new Error('it asks for the password in clear without TLS')
    await this.#sendPassword(this.#facts.password.reveal())
  }

  async #sendPassword(password: string): Promise<void> {
    const bytes = Buffer.from(`${password}\0`)
    await this.#channel.write(encodeFrontend({ kind: 'credential', bytes }))
  }

  async #prove(mechanisms: readonly string[]): Promise<void> {
    const hash = this.#facts.encryption?.binding
    const isBound = hash !== undefined && mechanisms.includes(MECHANISM_PLUS)
    const mechanism = isBound ? MECHANISM_PLUS : MECHANISM
    if (!mechanisms.includes(mechanism)) throw new Error(`it offers only ${mechanisms.join(', ')}`)
    const nonce = randomBytes(18).toString('base64')
    const binding = channelBinding(hash, isBound)
    const exchange = beginScram(this.#facts.password.reveal(), nonce, binding)
    await this.#channel.write(encodeSaslInitial(mechanism, exchange.first))
    const challenge = await this.#next()
    if (challenge.kind !== 'authenticationSaslContinue') throw unexpected(challenge)
    const { final, expected } = await exchange.prove(challenge.bytes.toString('utf8'))
    await this.#channel.write(encodeFrontend({ kind: 'credential', bytes: Buffer.from(final) }))
    const last = await this.#next()
    if (last.kind !== 'authenticationSaslFinal') throw unexpected(last)
    if (last.bytes.toString('utf8') !== expected) {
      throw new Error('it could not prove that it knows the password itself')
    }
  }

  async finish(): Promise<LoggedIn> {
    const parameters = new Map<string, string>()
    let cancelKey: LoggedIn['cancelKey']
    for (;;) {
      const message = await this.#next()
      if (message.kind === 'parameterStatus') parameters.set(message.name, message.value)
      if (message.kind === 'backendKeyData') {
        cancelKey = { processId: message.processId, secret: message.secret }
      }
      if (message.kind === 'readyForQuery') return { parameters, cancelKey }
    }
  }

  async #next(): Promise<BackendMessage> {
    for (;;) {
      const frame = this.#reader.next()
      if (frame) return known(decodeBackend(frame.bytes))
      const chunk = await this.#channel.next()
      if (!chunk) throw new Error('it closed the connection during the log-in')
      this.#reader.push(chunk)
    }
  }
}

function known(message: BackendMessage | undefined): BackendMessage {
  if (!message) throw new Error('it answered the log-in with an unknown message')
  if (message.kind !== 'errorResponse') return message
  throw new Error(message.fields.get('M') ?? 'it refused the log-in')
}

function unexpected(message: BackendMessage): Error {
  return new Error(`it answered the log-in with ${message.kind}`)
}

/** 'md5' + md5(md5(password + user) + salt): only for old servers that know nothing better. */
function md5Of(facts: LoginFacts, salt: Buffer): string {
  const md5 = (...parts: (string | Buffer)[]) => {
    const hash = createHash('md5')
    for (const part of parts) hash.update(part)
    return hash.digest('hex')
  }
  return `md5${md5(md5(facts.password.reveal(), facts.user), salt)}`
}
