import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ClientCertificate {
  readonly certificateFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** An authority that signs certificates of clients. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'articdbm-authority-'))
  readonly certificateFile = join(this.#folder, 'ca.crt')
  readonly #keyFile = join(this.#folder, 'ca.key')
  constructor() {
    const files = ['-keyout', this.#keyFile, '-out', this.certificateFile]
    openssl('req', '-x509', ...EC, ...files, '-subj', '/CN=authority', '-days', '2')
  }

  /** `days` may be negative: a certificate that is over. */
  sign(subject: string, { email, days = 2 }: { email?: string; days?: number } = {}) {
    const name = join(this.#folder, subject.replaceAll(/\W/g, '_'))
    const [keyFile, request, certificateFile] = [`${name}.key`, `${name}.csr`, `${name}.crt`]
    const extensions = `${name}.ext`
    writeFileSync(extensions, email === undefined ? '' : `subjectAltName=email:${email}\n`)
    openssl('req', '-new', ...EC, '-keyout', keyFile, '-out', request, '-subj', `/CN=${subject}`)
    const from = ['-CA', this.certificateFile, '-CAkey', this.#keyFile, '-CAcreateserial']
    const till = ['-days', `${days}`, '-extfile', extensions]
    openssl('x509', '-req', '-in', request, ...from, ...till, '-out', certificateFile)
    const [cert, key] = [readFileSync(certificateFile, 'utf8'), readFileSync(keyFile, 'utf8')]
    return { certificateFile, keyFile, cert, key } satisfies ClientCertificate
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

function openssl(...options: string[]): void {
  execFileSync('openssl', options, { stdio: 'ignore' })
}
