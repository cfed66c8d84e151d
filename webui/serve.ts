// Serves the built web UI and passes /api on to the manager: the web UI's process on a developer's machine.
// node webui/serve.ts PORT, with MANAGER_URL in the environment.
import { preview } from 'vite'

const server = await preview({
  root: import.meta.dirname,
  preview: { host: '127.0.0.1', port: Number(process.argv[2] ?? 3000), strictPort: true },
})

function end(): void {
  server.httpServer.close(() => process.exit(0))
  if ('closeAllConnections' in server.httpServer) server.httpServer.closeAllConnections()
}
for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(name, end)
