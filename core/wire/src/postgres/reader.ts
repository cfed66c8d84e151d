import { isUtf8 } from 'node:buffer'
import { MalformedMessage } from './malformed.ts'

/** Reads one frame's body from its first byte to its last; whatever overruns it is malformed. */
export class Reader {
  readonly #bytes: Buffer
  #at = 0
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  uint8(): number {
    return this.take(1).readUInt8(0)
  }

  int16(): number {
    return this.take(2).readInt16BE(0)
  }

  /** Counts of 16 bits are unsigned on the wire: 65,535 parameters are allowed. */
  count(bytesEach: number): number {
    const count = this.take(2).readUInt16BE(0)
    if (count * bytesEach > this.remaining) throw overrun()
    return count
  }

  int32(): number {
    return this.take(4).readInt32BE(0)
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0)
  }

  take(length: number): Buffer {
    if (length < 0 || length > this.remaining) throw overrun()
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  rest(): Buffer {
    return this.take(this.remaining)
  }

  /** A text up to its zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new MalformedMessage('a text in the message has no end')
    const bytes = this.take(end - this.#at)
    this.#at += 1
    if (!isUtf8(bytes)) {
      throw new MalformedMessage('invalid byte sequence for encoding "UTF8"', '22021')
    }
    return bytes.toString('utf8')
  }

  /** As `text`, with whatever is not UTF-8 replaced. */
  looseText(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new MalformedMessage('a text in the message has no end')
    const bytes = this.take(end - this.#at)
    this.#at += 1
    return bytes.toString('utf8')
  }

  /** A length and that many bytes; -1 is null. */
  value(): Buffer | null {
    const length = this.int32()
    if (length === -1) return null
    return this.take(length)
  }

  end(): void {
    if (this.remaining > 0) throw new MalformedMessage('the message is longer than its content')
  }
}

function overrun(): MalformedMessage {
  return new MalformedMessage('the message is shorter than its content')
}
