import { signalOwnChildren } from '../../tests/support/runner/own-children.ts'
import { removeDirectory } from '../../tests/support/servers/child.ts'

/** Servers end by their own guard; this takes what is left, however this process ends: product, pgbench, sysbench. */
export function endAllOnExit(directory: string): void {
  process.once('SIGHUP', () => process.exit(129))
  process.once('exit', () => {
    signalOwnChildren('SIGKILL')
    removeDirectory(directory)
  })
}
