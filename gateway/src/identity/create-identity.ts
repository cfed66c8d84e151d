import { AuthenticationFailed, TooManyAttempts } from '@articdbm/contract'
import { cachingSha2Digest, isPasswordOf, TOKEN_PREFIX } from '@articdbm/credential'
import { LRUCache } from 'lru-cache'
import { Attempts } from './attempts.ts'
import { type Found, findPrincipal, findToken, shown } from './candidates.ts'
import type { Identity } from './identity.ts'
import { opened, refused } from './login-events.ts'
import { admit, databasesOf, openDatabase } from './opening.ts'
import type { IdentityOptions } from './options.ts'
import { SingleUse } from './single-use.ts'

const MAX_FAST_DIGESTS = 10_000

export function createIdentity(options: IdentityOptions): Identity {
  const attempts = new Attempts()
  const used = new SingleUse()
  // By stored key: a changed password has another one, so an old digest is never found again.
  const digests = new LRUCache<string, Uint8Array>({ max: MAX_FAST_DIGESTS })

  return {
    find: async (user, address) => {
      if (attempts.areTooMany(user, address)) throw new TooManyAttempts()
      return user.startsWith(TOKEN_PREFIX)
        ? findToken(user, options)
        : findPrincipal(user, options, digests)
    },
    isPassword: async (candidate, password) => {
      const isRight = await isPasswordOf(candidate.verifier, password)
      if (isRight) digests.set(candidate.verifier.storedKey, cachingSha2Digest(password))
      return isRight
    },
    open: async (candidate, arrival) => {
      try {
        const facts = admit(candidate as Found, arrival, options, used)
        attempts.succeeded(candidate.user, arrival.address)
        await options.record(opened(facts, arrival, options))
        return facts
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        await options.record(refused(candidate as Found, arrival, options, reason))
        throw error
      }
    },
    databases: (candidate, { door }) => {
      const { principal, claims } = candidate as Found
      return principal && !claims ? databasesOf(principal, door, options.directory()) : []
    },
    refuse: async (candidate, arrival) => {
      const delayMs = attempts.failed(candidate.user, arrival.address)
      options.loginRefused()
      const fault = new AuthenticationFailed(shown(candidate.user))
      await options.record(refused(candidate as Found, arrival, options, fault.message))
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      return fault
    },
    reopen: async (facts, database) => {
      const principal = options.directory()?.principal(facts.principal.id)
      if (!principal) throw new AuthenticationFailed(facts.principal.name)
      const wish = { database, door: 'mysql' as const, isProbe: facts.isProbe }
      const found = openDatabase(principal, wish, options.directory())
      return { ...facts, databaseId: found.id }
    },
  }
}
