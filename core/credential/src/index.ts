// credential: the arithmetic of proving who one is, and of keeping secrets.
//
// What it is: SCRAM-SHA-256 (both sides), caching_sha2_password, one-time tokens, sealing with the master key.
// What it must never do: draw random bytes or read a clock (both are passed in), or keep a secret.
// Begin with sealing.ts and token.ts.
export * from './caching-sha2.ts'
export * from './link.ts'
export * from './scram.ts'
export * from './sealing.ts'
export * from './token.ts'
