// What routes are made of; main.ts puts it together.
import type { Audit } from './audit/services.ts'
import type { Queries } from './console/services.ts'
import type { Databases } from './databases/services.ts'
import type { Bypasses, Rules } from './firewall/services.ts'
import type { Grants } from './grants/services.ts'
import type { Limits } from './http/token-bucket.ts'
import type { ApiKeys, Logins, Users } from './identity/services.ts'
import type { Learning } from './learning/services.ts'
import type { Masks } from './masks/services.ts'
import type { SqlFiles } from './sql-files/services.ts'
import type { Status } from './status/services.ts'

export interface Services {
  readonly users: Users
  readonly logins: Logins
  readonly apiKeys: ApiKeys
  readonly databases: Databases
  readonly grants: Grants
  readonly rules: Rules
  readonly bypasses: Bypasses
  readonly masks: Masks
  readonly learning: Learning
  readonly audit: Audit
  readonly queries: Queries
  readonly sqlFiles: SqlFiles
  readonly status: Status
  readonly limits: Limits
}
