// TLS of both doors: the gateway's certificate, what may be bound to it, and the certificates of clients.
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { ProtocolViolation } from '@articdbm/contract'
import type { CertificateFiles } from './certificate.ts'
import { certificateHash } from './certificate-hash.ts'

export interface DoorTls {
  readonly context: SecureContext
  /** Of the gateway's certificate, for channel binding. */
  readonly binding: Buffer | undefined
  readonly asksForCertificates: boolean
}

/** TLS 1.2 at least, 1.3 preferred. With `clientCaFile`, clients are asked for a certificate of that authority. */
export async function createDoorTls(
  files: CertificateFiles,
  clientCaFile?: string,
): Promise<DoorTls> {
  const [cert, key] = await Promise.all([readFile(files.certificate), readFile(files.key)])
  const ca = clientCaFile === undefined ? undefined : await readFile(clientCaFile)
  const context = createSecureContext({
    cert,
    key,
    minVersion: 'TLSv1.2',
    // A session that is resumed keeps the certificate that it began with.
    ...(ca && { ca, sessionIdContext: 'articdbm' }),
  })
  const binding = certificateHash(new X509Certificate(cert).raw)
  return { context, binding, asksForCertificates: ca !== undefined }
}

/** The gateway's side towards a client; see `certificateNames` once it is secure. */
export function asTlsServer(plain: Socket, tls: DoorTls, protocols?: string[]): TLSSocket {
  return new TLSSocket(plain, {
    isServer: true,
    secureContext: tls.context,
    requestCert: tls.asksForCertificates,
    // An absent certificate may be all right; a wrong one is refused by `certificateNames`.
    rejectUnauthorized: false,
    ...(protocols && { ALPNProtocols: protocols }),
  })
}

/** Whom the client's certificate is for: CN and e-mail addresses. Undefined where it showed none; throws where it is not trusted. */
export function certificateNames(socket: Socket, tls: DoorTls): readonly string[] | undefined {
  if (!(socket instanceof TLSSocket && tls.asksForCertificates)) return undefined
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) return undefined
  const failure = verifyError(socket)
  if (failure) throw new ProtocolViolation(`the client certificate is not trusted: ${failure}`)
  return namesOf(certificate)
}

interface TlsHandle {
  readonly ssl?: { readonly verifyError?: () => { readonly message: string } | null }
}

/** Node says it aloud only to a tls.Server, which can't take over a socket that has spoken before. */
function verifyError(socket: TLSSocket): string | undefined {
  const { ssl } = socket as TlsHandle
  if (typeof ssl?.verifyError !== 'function') return 'it could not be verified'
  return ssl.verifyError()?.message
}

function namesOf(certificate: X509Certificate): readonly string[] {
  const commonName: unknown = certificate.toLegacyObject().subject?.CN
  return [...(typeof commonName === 'string' ? [commonName] : []), ...emailsOf(certificate)]
}

/** Node quotes what could be mistaken for a separator; such a list is not read at all. */
function emailsOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  if (subjectAltName.includes('"')) return []
  return subjectAltName
    .split(', ')
    .filter((name) => name.startsWith('email:'))
    .map((name) => name.slice('email:'.length))
}
