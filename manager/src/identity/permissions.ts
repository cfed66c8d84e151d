import type { Role } from '@articdbm/contract'

/** What may be done to what. Routes name one of these; roles hold sets of them. */
export const PERMISSIONS = [
  'status:read',
  'self:write',
  'users:read',
  'users:write',
  'databases:read',
  'databases:write',
  'databases:test',
  'databases:query',
  'grants:read',
  'grants:write',
  'policies:read',
  'policies:write',
  'sql-files:read',
  'sql-files:write',
  'sql-files:run',
  'sql-files:read-all',
  'sql-files:approve',
  'audit:read',
  'audit:read-all',
  'audit:verify',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** `databases:read` shows a viewer what a grant opens; `audit:read` and `sql-files:*` what is a viewer's own. */
const VIEWER: readonly Permission[] = [
  'status:read',
  'self:write',
  'databases:read',
  'databases:query',
  'sql-files:read',
  'sql-files:write',
  'sql-files:run',
  'audit:read',
]

const MAINTAINER: readonly Permission[] = [
  ...VIEWER,
  'users:read',
  'databases:write',
  'databases:test',
  'grants:read',
  'grants:write',
  'policies:read',
  'policies:write',
  'sql-files:read-all',
  'sql-files:approve',
  'audit:read-all',
  'audit:verify',
]

const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  maintainer: new Set(MAINTAINER),
  admin: new Set(PERMISSIONS),
}

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return ROLE_PERMISSIONS[role]
}

export function may(role: Role, permission: Permission): boolean {
  return ROLE_PERMISSIONS[role].has(permission)
}
