// wire/mysql: bytes <-> packets <-> meaning, of the MySQL protocol, both sides.
//
// What it is: a collecting reader for clients, a streaming scanner for backends' answers, and the encodings.
// What it must never do: I/O, or believe a length before it was checked.
// Begin with packet.ts, command.ts and answer-scanner.ts. Neither side of a gateway should offer
// CLIENT_DEPRECATE_EOF: answers then pass from any backend to any client as they are.
export * from './answer.ts'
export { AnswerCutter, type AnswerSeen } from './answer-cutter.ts'
export { AnswerRewriter, type RewriteWish } from './answer-rewriter.ts'
export * from './answer-scanner.ts'
export * from './collation.ts'
export * from './column.ts'
export * from './command.ts'
export * from './compressed.ts'
export * from './constants.ts'
export * from './handshake.ts'
export * from './lone-command.ts'
export * from './packet.ts'
export * from './packet-scanner.ts'
export {
  decodeExecuteBody,
  decodeParameters,
  type ExecuteBody,
  encodeExecuteBody,
  type ParameterValue,
} from './parameters.ts'
export { PayloadReader } from './payload-reader.ts'
export { lenenc, lenencBytes, lenencText } from './payload-writer.ts'
export { executeBodyWithout } from './query-attributes.ts'
export { PACKET_TOO_LARGE, PACKETS_OUT_OF_ORDER, PacketViolation } from './violation.ts'
