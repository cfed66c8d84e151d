import type { SimulatedRule } from '@articdbm/contract'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useFormContext } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { TextLink } from '../../components/TextLink.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useSimulation } from '../../services/firewall.ts'
import { MONO } from '../../theme/theme.ts'
import { conditionsOf, isWithoutConditions, type RuleFields } from './rule-fields.ts'

const DAYS = [1, 7, 30]

/** What the rule, as it stands in the form, would have met. */
export function Simulation() {
  const { getValues } = useFormContext<RuleFields>()
  const [days, setDays] = useState(7)
  const [isEmpty, setEmpty] = useState(false)
  const simulation = useSimulation()
  const simulate = () => {
    const fields = getValues()
    setEmpty(isWithoutConditions(fields))
    if (isWithoutConditions(fields)) return
    const database = fields.database || null
    simulation.mutate({ database, days, conditions: conditionsOf(fields) })
  }
  return (
    <Box component="section" aria-label="Simulation">
      <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center' }}>
        <Field
          select
          label="Statements of"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
          sx={{ maxWidth: 180 }}
        >
          {DAYS.map((count) => (
            <MenuItem key={count} value={count}>
              {count === 1 ? 'the last day' : `the last ${count} days`}
            </MenuItem>
          ))}
        </Field>
        <Button variant="outlined" onClick={simulate} loading={simulation.isPending}>
          Simulate
        </Button>
      </Stack>
      <Box aria-live="polite" sx={{ mt: 1.5 }}>
        {isEmpty && <Alert severity="info">Fill in a condition first.</Alert>}
        {simulation.isPending && (
          <Typography variant="body2">Reading the audit; up to half a minute …</Typography>
        )}
        <ServerError error={simulation.error} />
        {simulation.data && !simulation.isPending && <Result found={simulation.data} />}
      </Box>
    </Box>
  )
}

function Result({ found }: { readonly found: SimulatedRule }) {
  const { matched, forwarded, examined, unreadable, isWhole } = found
  return (
    <Stack sx={{ gap: 1.5 }}>
      <Alert severity={forwarded > 0 ? 'warning' : 'success'}>
        {matched === 0
          ? `None of ${count(examined)} statements is one of these.`
          : `${count(matched)} of ${count(examined)} statements; ${count(forwarded)} of them were let through at the time.`}
        {!isWhole && (
          <>
            {' '}
            There were more than are looked at: these go back to <TimeText at={found.from} />.
          </>
        )}
        {unreadable > 0 && ` ${count(unreadable)} are recorded by their beginning only.`}
      </Alert>
      {found.people.length > 0 && (
        <Typography variant="body2">
          {found.people.map((one) => `${one.person} ${count(one.count)}`).join(', ')}
        </Typography>
      )}
      <Samples samples={found.samples} />
    </Stack>
  )
}

function Samples({ samples }: Pick<SimulatedRule, 'samples'>) {
  return (
    <Stack component="ul" sx={{ gap: 1, m: 0, p: 0, listStyle: 'none' }}>
      {samples.map(({ auditId, sql, count: times, person, database }) => (
        <Box component="li" key={auditId}>
          <TextLink
            to="/audit"
            search={{ event: auditId }}
            target="_blank"
            sx={{
              display: '-webkit-box',
              WebkitLineClamp: 2,
              WebkitBoxOrient: 'vertical',
              overflow: 'hidden',
              fontFamily: MONO,
              fontSize: 12.5,
              overflowWrap: 'anywhere',
            }}
          >
            {sql}
          </TextLink>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {count(times)} × like this, the last by {person} on {database}
          </Typography>
        </Box>
      ))}
    </Stack>
  )
}

function count(number: number): string {
  return number.toLocaleString('en')
}
