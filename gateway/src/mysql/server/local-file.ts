// LOAD DATA LOCAL: the client's file, packet by packet, to the backend that asks for it. No file is opened here.
import type { Statement } from '@articdbm/sql'
import { encodePacket, PacketViolation } from '@articdbm/wire/mysql'
import type { FileSource } from '../backend/answer.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import type { PacketChannel } from '../channel.ts'
import { LocalFilesOff } from '../faults.ts'
import type { SessionSide } from '../session/executor.ts'

/** The client's files that these statements name. */
export function filesOf(statements: readonly Statement[]): readonly string[] {
  return statements
    .flatMap(({ session }) => session)
    .flatMap((effect) => (effect.kind === 'copy' && effect.file !== undefined ? [effect.file] : []))
}

export function refuseFiles(
  statements: readonly Statement[],
  { gateway, facts, offersFiles }: SessionSide,
): void {
  if (filesOf(statements).length === 0) return
  if (gateway.database(facts.databaseId)?.policy.allowLocalFiles !== true) {
    throw new LocalFilesOff("an administrator can allow local files in the database's settings")
  }
  if (!offersFiles) {
    throw new LocalFilesOff('the client does not offer its files, connect with local_infile=1')
  }
}

interface Sides {
  readonly channel: PacketChannel
  readonly connection: MysqlBackend
}

/** The files that one question may ask for, each once. A server can't use a statement to ask for another file. */
export class LocalFiles implements FileSource {
  readonly #names: string[]
  readonly #sides: Sides
  #sending: Promise<void> | undefined
  #nextSequence: number | undefined

  constructor(names: readonly string[], sides: Sides) {
    this.#names = [...names]
    this.#sides = sides
  }

  request(name: Buffer): void {
    const [expected] = this.#names
    if (expected === undefined || !name.equals(Buffer.from(expected))) {
      throw new PacketViolation('the backend asks for a file that the statement does not name')
    }
    this.#names.shift()
  }

  send(sequence: number): void {
    this.#sending = this.#relay(sequence)
  }

  /** Of what follows the file; undefined where none was asked for. */
  get nextSequence(): number | undefined {
    return this.#nextSequence
  }

  /** The answer, once the client has sent what it was asked for, too. */
  async follow<T>(asked: Promise<T>): Promise<T> {
    const [answer] = await Promise.allSettled([asked])
    await this.#sending
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  }

  /** An empty packet ends the file. A backend that is lost gets no more of it, but the client ends it first. */
  async #relay(first: number): Promise<void> {
    const { channel, connection } = this.#sides
    try {
      let isTaken = true
      for (let sequence = first, length = -1; length !== 0; ) {
        const packet = await channel.next(sequence)
        length = packet.payload.length
        const bytes = encodePacket(packet.payload, sequence)
        sequence = packet.sequence + 1
        this.#nextSequence = sequence
        isTaken = isTaken && (await connection.feed(bytes, sequence))
      }
      // Its end tells nothing about a file that it never read to the end.
      if (!isTaken) connection.close()
    } catch {
      connection.close()
      channel.close()
    }
  }
}
