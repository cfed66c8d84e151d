// The statements of many pgbench clients. Each asks for its own rows and for a number nobody else has, and stops at a wrong answer.

const OWN = `\\set owner :base + :client_id
\\set n random(1, 50)
\\set token random(1, 2000000000)
`
/** What divides by zero ends the client, and pgbench with it. */
const unless = (condition: string) => `\\if not (${condition})
\\set wrong 1 / 0
\\endif
`
const COUNT_UP = `UPDATE stress SET hits = hits + 1 WHERE owner = :owner AND n = :n RETURNING owner AS whose, n AS which, hits AS mine \\gset
`
const READ_BACK = `SELECT :token AS back, owner AS whose, n AS which, hits AS seen FROM stress WHERE owner = :owner AND n = :n \\gset
`

export interface Script {
  readonly name: string
  readonly weight: number
  readonly text: string
  /** How often it counts a row up for good. */
  readonly hits: number
  /** Only by the simple protocol: the others know one statement at a time, and no parameters in SET. */
  readonly isSimple?: boolean
}

export const SCRIPTS: readonly Script[] = [
  {
    name: 'read',
    weight: 60,
    hits: 0,
    text: `${OWN}${READ_BACK}${unless(':back = :token and :whose = :owner and :which = :n')}`,
  },
  {
    name: 'write',
    weight: 10,
    hits: 1,
    text: `${OWN}${COUNT_UP}${unless(':whose = :owner and :which = :n')}`,
  },
  {
    name: 'transaction',
    weight: 6,
    hits: 1,
    text: `${OWN}BEGIN;
${COUNT_UP}${READ_BACK}${unless(':back = :token and :whose = :owner and :seen = :mine')}COMMIT;
${READ_BACK}${unless(':back = :token and :whose = :owner and :seen = :mine')}`,
  },
  {
    name: 'rolled-back',
    weight: 4,
    hits: 0,
    text: `${OWN}${READ_BACK}\\set before :seen
BEGIN;
${COUNT_UP}ROLLBACK;
${READ_BACK}${unless(':whose = :owner and :seen = :before and :mine = :before + 1')}`,
  },
  {
    name: 'long-answer',
    weight: 4,
    hits: 0,
    text: `${OWN}SELECT repeat('x', :n * 100) AS fill, :token AS back, owner AS whose FROM stress WHERE owner = :owner AND n = :n \\gset
${unless(':back = :token and :whose = :owner')}`,
  },
  {
    name: 'setting',
    weight: 2,
    hits: 0,
    isSimple: true,
    text: `${OWN}SET lock_timeout = :owner;
SELECT setting AS mine FROM pg_settings WHERE name = 'lock_timeout' \\gset
${unless(':mine = :owner')}`,
  },
  {
    name: 'several-at-once',
    weight: 4,
    hits: 0,
    isSimple: true,
    text: `${OWN}SELECT owner FROM stress WHERE owner = 1 \\; SELECT :token AS back \\gset
${unless(':back = :token')}`,
  },
]
