// contract: every shape that crosses a process, declared once.
//
// What it is: typebox schemas with their types for the snapshot (manager -> gateway), the audit stream and
// the gateway's status (gateway -> manager), live events (manager -> browser) and REST; and the faults, which
// know their face on every door.
// What it must never do: I/O, or know how anything is stored or sent.
// A page that needs only what a form checks takes it from bounds.ts, without the schemas.
// Begin with vocabulary.ts, then snapshot.ts and audit.ts.
export * from './audit.ts'
export * from './bounds.ts'
export * from './environment.ts'
export * from './fault.ts'
export * from './faults.ts'
export * from './firewall.ts'
export * from './live.ts'
export * from './masking.ts'
export * from './rest/index.ts'
export * from './secret.ts'
export * from './snapshot.ts'
export * from './status.ts'
export * from './verdict.ts'
export * from './vocabulary.ts'
