// How the generated client speaks with the manager: same origin, cookie login, CSRF token on what changes something.
import { client } from './api/client.gen.ts'
import { queries } from './queries.ts'
import { csrfToken, meOptions } from './session.ts'

const SAFE_METHODS = ['GET', 'HEAD']

export function connectClient(): void {
  client.setConfig({ baseUrl: '', credentials: 'same-origin', responseStyle: 'fields' })
  client.interceptors.request.use((request) => {
    const token = csrfToken()
    if (token && !SAFE_METHODS.includes(request.method))
      request.headers.set('x-articdbm-csrf', token)
    return request
  })
  client.interceptors.response.use((response) => {
    // The login ended elsewhere: AppShell sees nobody, and goes to the login page.
    if (response.status === 401) queries.setQueryData(meOptions.queryKey, null)
    return response
  })
}
