import type { AuditEntry } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { Fragment } from 'react'
import { CopyButton } from '../../components/CopyButton.tsx'
import { describeBytes, describeMs } from '../../services/figures.ts'
import { describeInstant } from '../../services/time.ts'
import { DOORS } from '../../services/words.ts'
import { MONO } from '../../theme/theme.ts'

interface Fact {
  readonly label: string
  readonly value: string
  readonly isCode?: boolean
}

/** What is known, name by name; what is not known is left out. */
export function Facts({ entry }: { readonly entry: AuditEntry }) {
  const facts = factsOf(entry).filter(({ value }) => value !== '')
  return (
    <Box
      component="dl"
      sx={{
        display: 'grid',
        gridTemplateColumns: 'minmax(96px, auto) minmax(0, 1fr)',
        columnGap: 2.5,
        rowGap: 0.75,
        alignItems: 'baseline',
        m: 0,
      }}
    >
      {facts.map(({ label, value, isCode = false }) => (
        <Fragment key={label}>
          <Typography component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
            {label}
          </Typography>
          <Typography
            component="dd"
            variant="body2"
            sx={{
              m: 0,
              overflowWrap: 'anywhere',
              ...(isCode ? { fontFamily: MONO, fontSize: 12.5 } : {}),
            }}
          >
            {value}
            {label === 'Event id' && <CopyButton text={value} what="event id" />}
          </Typography>
        </Fragment>
      ))}
    </Box>
  )
}

function factsOf(entry: AuditEntry): readonly Fact[] {
  return [
    { label: 'When', value: describeInstant(entry.at) },
    { label: 'Who', value: entry.principal },
    { label: 'From', value: entry.address },
    { label: 'Program', value: entry.application },
    { label: 'Door', value: DOORS[entry.door] },
    { label: 'Database', value: entry.database },
    { label: 'Action', value: entry.action },
    { label: 'Object', value: entry.object },
    ...statementFacts(entry),
    { label: 'Session', value: entry.session, isCode: true },
    { label: 'Gateway', value: entry.gateway },
    { label: 'Event id', value: entry.id, isCode: true },
  ]
}

function statementFacts(entry: AuditEntry): readonly Fact[] {
  if (entry.kind !== 'statement') return []
  const tables = entry.relations.map(({ name, access }) => `${name} (${access})`)
  return [
    { label: 'Tables', value: tables.join(', ') },
    { label: 'Effects', value: entry.effects.join(', ') },
    { label: 'Rows', value: entry.rows === null ? '' : String(entry.rows) },
    { label: 'Answer', value: entry.bytes === null ? '' : describeBytes(entry.bytes) },
    { label: 'Took', value: entry.durationMs === null ? '' : describeMs(entry.durationMs) },
    { label: 'Error', value: entry.errorCode, isCode: true },
    { label: 'Rule', value: entry.rule, isCode: true },
    { label: 'Score', value: entry.score > 0 ? `${entry.score} of 100` : '' },
    { label: 'Digest', value: entry.digest, isCode: true },
  ]
}
