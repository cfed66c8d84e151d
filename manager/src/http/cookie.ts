import type { CookieSerializeOptions } from '@fastify/cookie'

export const LOGIN_COOKIE = 'articdbm_login'

export function loginCookie(isHttps: boolean): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isHttps }
}
