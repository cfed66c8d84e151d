// wire/postgres: the PostgreSQL frontend/backend protocol 3.0 and 3.2, bytes to messages and back.
//
// What it is: frames (frame.ts for clients, scanner.ts for backends), messages, decode, encode.
// What it must never do: I/O, believe a length before it was compared with a limit, or hold a row whole.
// Begin with message.ts, then frame.ts.
export { AnswerCutter, type AnswerSeen } from './answer-cutter.ts'
export { rowsOfTag } from './command-tag.ts'
export { decodeBackend } from './decode-backend.ts'
export { decodeFrontend, decodeStartup } from './decode-frontend.ts'
export { encodeBackend } from './encode-backend.ts'
export { encodeFrontend, encodeSaslInitial, encodeStartup, renameBound } from './encode-frontend.ts'
export { type Frame, FrameReader, MAX_STARTUP_BYTES } from './frame.ts'
export { type LoneRequest, loneRequest } from './lone-request.ts'
export { MalformedMessage } from './malformed.ts'
export * from './message.ts'
export { Reader } from './reader.ts'
export { type CellRewrite, RowRewriter } from './row-rewriter.ts'
export { BackendScanner, type Piece } from './scanner.ts'
