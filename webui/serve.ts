// Serves the built web UI and passes /api on to the manager: `node webui/serve.ts 3000`.
import { preview } from 'vite'

const [port = '3000'] = process.argv.slice(2)
const server = await preview({ root: import.meta.dirname, preview: { port: Number(port) } })

async function stop(): Promise<void> {
  await server.close()
  process.exit(0)
}

process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())
// Whoever started this process is gone.
process.once('disconnect', () => void stop())
