/** Bytes that have come and aren't read yet, in the pieces in which they came. */
export class ByteQueue {
  #pieces: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }

  /** The first bytes, at least so many, in one piece; they stay. */
  peek(length: number): Buffer {
    const [first] = this.#pieces
    if (first !== undefined && first.length >= length) return first
    const joined = Buffer.concat(this.#pieces)
    this.#pieces = [joined]
    return joined
  }

  take(length: number): Buffer {
    const bytes = this.peek(length).subarray(0, length)
    this.#drop(length)
    return bytes
  }

  takeAll(): Buffer {
    return this.take(this.#length)
  }

  #drop(length: number): void {
    const [first] = this.#pieces
    if (first === undefined) return
    this.#length -= length
    if (first.length === length) this.#pieces.shift()
    else this.#pieces[0] = first.subarray(length)
  }
}
