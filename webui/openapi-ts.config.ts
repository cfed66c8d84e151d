import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: './dist/openapi.json',
  output: { path: 'src/services/api' },
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
})
