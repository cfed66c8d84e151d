import type { Role } from '@articdbm/contract'
import type { Actor } from './actor.ts'
import type { UserRecord } from './store.ts'

export function isUsable(user: UserRecord, now: Date): boolean {
  return user.is_active && (user.valid_until === null || new Date(user.valid_until) > now)
}

export function actorOf(
  user: UserRecord,
  way: Pick<Actor, 'by' | 'address'> & Partial<Pick<Actor, 'loginId' | 'expiresAt' | 'csrfToken'>>,
): Actor {
  return {
    userId: user.id,
    name: user.name,
    role: user.role as Role,
    loginId: undefined,
    expiresAt: undefined,
    csrfToken: undefined,
    mustChangePassword: user.must_change_password,
    ...way,
  }
}
