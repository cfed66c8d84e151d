// How large a stress run is: small among the other tests, ten million statements by `make stress`.

const STATEMENTS = Number(process.env.STRESS_STATEMENTS ?? 60_000)
const MS_A_STATEMENT = 1

export const CLIENTS = 60
export const TIMEOUT_MS = 120_000 + STATEMENTS * MS_A_STATEMENT

const SHARES = { postgres: 0.6, mariadb: 0.4 } as const

export function amountOf(door: keyof typeof SHARES): number {
  return Math.round(STATEMENTS * SHARES[door])
}
