import type { ScramVerifier } from '@articdbm/contract'
import type { SessionFacts } from '../session-facts.ts'

/** Somebody who says who they are and hasn't proved it yet. An unknown name gives one too, that nothing proves. */
export interface Candidate {
  readonly user: string
  /** For SCRAM. An unknown name has a made-up but stable one, so that names can't be told apart. */
  readonly verifier: ScramVerifier
  /** SHA256(SHA256(password)) where it is known already (caching_sha2_password's fast way). */
  readonly fastDigest: Uint8Array | undefined
}

export interface Arrival {
  readonly door: 'postgres' | 'mysql'
  /** The socket's address, or PROXY protocol's. */
  readonly address: string
  readonly application: string
  /** As the client named it. */
  readonly database: string
  /** Whom the client's certificate is for; undefined where it showed none. */
  readonly certificateNames?: readonly string[] | undefined
}

export interface Identity {
  /** Throws TooManyAttempts. May wait a little: for a snapshot that a one-time token asks for. */
  find(user: string, address: string): Promise<Candidate>
  /** For protocols that bring the password itself; remembers the fast digest when it is right. */
  isPassword(candidate: Candidate, password: string): Promise<boolean>
  /**
   * After the credential was proved: may this person open this database by this door? Records the login.
   * Throws AuthenticationFailed (unknown, inactive, expired, a token used before), UnknownDatabase, WrongDoor.
   */
  open(candidate: Candidate, arrival: Arrival): Promise<SessionFacts>
  /** Names of those that this person may open by this door. None for one-time tokens, which name theirs. */
  databases(candidate: Candidate, arrival: Arrival): readonly string[]
  /** After a wrong credential: records it, counts it, and answers after a moment with the fault to send. */
  refuse(candidate: Candidate, arrival: Arrival): Promise<Error>
  /** MySQL's COM_INIT_DB and USE, COM_CHANGE_USER: the same person opens another database. */
  reopen(facts: SessionFacts, database: string): Promise<SessionFacts>
}
