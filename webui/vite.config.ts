import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'

// emotion writes <style> elements, so styles may be inline; scripts never.
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export default defineConfig(({ mode }) => {
  const { MANAGER_URL = 'http://127.0.0.1:8000' } = loadEnv(mode, '.', 'MANAGER_')
  const proxy = { '/api': { target: MANAGER_URL, ws: true, xfwd: true } }
  return {
    plugins: [react()],
    server: { host: '127.0.0.1', port: 3000, proxy },
    preview: { host: '127.0.0.1', port: 3000, strictPort: true, proxy, headers: SECURITY_HEADERS },
    build: { target: 'es2022', chunkSizeWarningLimit: 600 },
  }
})
