import { connect } from 'node:net'
import { accountOf, removeDirectory, scratchDirectory, startChild } from './child.ts'
import { freePort } from './port.ts'
import { HOST, newPassword, type Server } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

export function startRedis(): Promise<Server> {
  return withRetries(startOnce)
}

async function startOnce(): Promise<Server> {
  const account = accountOf('redis')
  const directory = scratchDirectory('redis', account)
  const password = newPassword()
  const port = await freePort()
  const args = [
    ...['--bind', HOST, '--port', `${port}`, '--dir', directory],
    ...['--requirepass', password, '--save', '', '--appendonly', 'no'],
  ]
  const child = startChild({ file: 'redis-server', args, directory, account })
  await untilReady('Redis', child, () => ping(port, password))
  return {
    host: HOST,
    port,
    user: 'default',
    password,
    url: `redis://default:${password}@${HOST}:${port}`,
    pid: child.pid,
    caFile: undefined,
    stop: async () => {
      await child.stop()
      removeDirectory(directory)
    },
  }
}

function ping(port: number, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, HOST, () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    let answer = ''
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`answered ${answer}`)))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (!answer.includes('+PONG')) return
      resolve()
      socket.destroy()
    })
  })
}
