import { AnswerScanner, type Err, PacketViolation, type Result } from '@articdbm/wire/mysql'
import { type Answer, AnswerLost, type FileSource, type Question } from './answer.ts'

/** One question under way: its answer is followed and passed on chunk by chunk. */
export class Exchange {
  readonly #question: Question
  readonly #results: Result[] = []
  readonly #scanner: AnswerScanner
  readonly #settle: PromiseWithResolvers<Answer> = Promise.withResolvers<Answer>()
  #error: Err | undefined
  #bytes = 0
  /** The chunk that is being scanned asks for a file. */
  #requested: FileSource | undefined
  /** As the client stands: without the chunk that is being scanned. */
  #passedOn: { isAtBoundary: boolean; nextSequence: number }

  constructor(question: Question) {
    this.#question = question
    this.#passedOn = { isAtBoundary: true, nextSequence: question.firstSequence }
    const listener = {
      onResult: (result: Result) => void this.#results.push(result),
      onError: (err: Err) => {
        this.#error = err
      },
      onFileRequest: (name: Buffer) => this.#requestFile(name),
    }
    this.#scanner = new AnswerScanner(question.kind, listener, question.firstSequence)
  }

  get answer(): Promise<Answer> {
    return this.#settle.promise
  }

  get isEnded(): boolean {
    return this.#scanner.isEnded
  }

  /** Passes a chunk on; false when the sink is full. Throws PacketViolation: then nothing of it was passed on. */
  take(chunk: Buffer): boolean {
    this.#scanner.scan(chunk)
    const isTaken = this.#question.sink.write(chunk)
    const { isAtBoundary, nextSequence } = this.#scanner
    this.#passedOn = { isAtBoundary, nextSequence }
    this.#bytes += chunk.length
    this.#requested?.send(nextSequence)
    this.#requested = undefined
    return isTaken
  }

  /** The client has sent its file: what comes now is numbered on from it. */
  goOnFrom(sequence: number): void {
    this.#scanner.nextSequence = sequence
    this.#passedOn = { ...this.#passedOn, nextSequence: sequence & 0xff }
  }

  #requestFile(name: Buffer): void {
    const { files } = this.#question
    if (!files) throw new PacketViolation('the backend asks for a file of the client')
    files.request(name)
    this.#requested = files
  }

  drained(): Promise<void> {
    return this.#question.sink.drained()
  }

  finish(): void {
    this.#settle.resolve({
      results: this.#results,
      error: this.#error,
      bytes: this.#bytes,
      nextSequence: this.#passedOn.nextSequence,
    })
  }

  fail(why: string): void {
    this.#settle.reject(new AnswerLost(why, { ...this.#passedOn, results: this.#results }))
  }
}
