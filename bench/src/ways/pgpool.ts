import { freePort } from '../../../tests/support/servers/index.ts'
import type { Bed } from '../bed.ts'
import { type Recipe, settingLines } from './proxy.ts'
import type { Needs } from './way.ts'

/** Pgpool-II gives a client a process, and a process a connection: its pool can't be smaller. */
const SPARE_PROCESSES = 4

/** Its pool alone: one server, no replication, no balancing, no cache of results. */
export async function pgpool(bed: Bed, { clients }: Needs): Promise<Recipe> {
  const server = await bed.server('postgres')
  return {
    name: 'pgpool',
    account: 'postgres',
    signal: 'SIGQUIT',
    note: 'Pgpool-II keeps a process and a connection a client',
    address: bed.login(server),
    compose: async ({ directory, port }) => ({
      file: 'pgpool',
      args: ['-n', '-D', '-f', 'pgpool.conf', '-a', 'pool_hba.conf', '-F', 'pcp.conf'],
      files: {
        'pool_hba.conf': 'host all all 127.0.0.1/32 scram-sha-256\n',
        'pcp.conf': '',
        pool_passwd: `${server.user}:TEXT${server.password}\n`,
        'pgpool.conf': settingLines({
          backend_clustering_mode: "'raw'",
          listen_addresses: "'127.0.0.1'",
          port,
          socket_dir: `'${directory}'`,
          pcp_listen_addresses: "'127.0.0.1'",
          pcp_port: await freePort(),
          pcp_socket_dir: `'${directory}'`,
          wd_ipc_socket_dir: `'${directory}'`,
          pid_file_name: `'${directory}/pgpool.pid'`,
          logdir: `'${directory}'`,
          backend_hostname0: `'${server.host}'`,
          backend_port0: server.port,
          backend_flag0: "'DISALLOW_TO_FAILOVER'",
          enable_pool_hba: 'on',
          pool_passwd: "'pool_passwd'",
          num_init_children: clients + SPARE_PROCESSES,
          max_pool: 1,
          connection_cache: 'on',
          load_balance_mode: 'off',
          memory_cache_enabled: 'off',
          use_watchdog: 'off',
        }),
      },
    }),
  }
}
