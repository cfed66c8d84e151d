import { deriveKey, type MasterKey } from '@articdbm/credential'
import { jwtVerify, SignJWT } from 'jose'

export const ACCESS_TOKEN_SECONDS = 3_600
const ISSUER = 'articdbm'

export interface AccessTokens {
  /** Names the login behind it: when that is revoked, the token is worthless. */
  issue(claims: { readonly userId: string; readonly loginId: string }): Promise<string>
  /** Undefined for what we did not sign, or what has expired. */
  read(token: string): Promise<{ readonly loginId: string; readonly expiresAt: string } | undefined>
}

export function createAccessTokens(master: MasterKey, now: () => Date): AccessTokens {
  const key = deriveKey(master, 'access token')
  return {
    issue: ({ userId, loginId }) => {
      const issuedAt = Math.floor(now().getTime() / 1000)
      return new SignJWT({ sid: loginId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(key)
    },
    read: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: ISSUER,
          currentDate: now(),
        })
        if (typeof payload.sid !== 'string' || payload.exp === undefined) return undefined
        return { loginId: payload.sid, expiresAt: new Date(payload.exp * 1000).toISOString() }
      } catch {
        return undefined
      }
    },
  }
}
