import type {
  PageQuery,
  SqlFile,
  SqlFileChange,
  SqlFileCreation,
  SqlFileQuery,
  SqlFileRun,
  SqlFileSeen,
  SqlFileSummary,
} from '@articdbm/contract'
import type { Actor } from '../identity/actor.ts'
import type { Listed } from '../identity/services.ts'

/** A viewer sees what is their own; who may `sql-files:read-all` sees all. */
export interface SqlFiles {
  /** Newest first. */
  list(actor: Actor, query: SqlFileQuery): Promise<Listed<SqlFileSummary>>
  get(actor: Actor, id: string): Promise<SqlFile>
  upload(actor: Actor, creation: SqlFileCreation): Promise<SqlFile>
  /** Reads the text anew, voids the approval, and makes the actor the one who can't approve it. */
  change(actor: Actor, id: string, change: SqlFileChange): Promise<SqlFile>
  approve(actor: Actor, id: string, seen: SqlFileSeen): Promise<SqlFile>
  /** With the actor's own grants. Resolves when the run is under way. */
  run(actor: Actor, id: string, seen: SqlFileSeen): Promise<SqlFileRun>
  /** Newest first. */
  runs(actor: Actor, id: string, query: PageQuery): Promise<Listed<SqlFileRun>>
  /** Whichever manager executes it hears of it within a second. */
  cancel(actor: Actor, id: string, runId: string): Promise<SqlFileRun>
  /** Once the manager stops: resolves when this manager's runs have stored their ends, after some seconds anyway. */
  settled(): Promise<void>
}
