import type { RuleSimulation, SimulatedRule } from '@articdbm/contract'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useEffect, useRef, useState } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { TextLink } from '../../components/TextLink.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useSimulation } from '../../services/firewall.ts'
import { MONO } from '../../theme/theme.ts'
import { conditionsOf, isWithoutConditions, type RuleFields } from './rule-fields.ts'
import { count, countsInWords, STOPPED, severityOf } from './simulated.ts'

const DAYS = [1, 7, 30]

/** What the rule, as it stands in the form, would have met. */
export function Simulation() {
  const { control } = useFormContext<RuleFields>()
  const [days, setDays] = useState(7)
  const { simulation, simulate, cancel } = useCancellable()
  const fields = useWatch({ control }) as RuleFields
  const wish = {
    ...{ database: fields.database || null, days },
    conditions: conditionsOf(fields),
  }
  const asked = simulation.variables?.body
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
          {DAYS.map((number) => (
            <MenuItem key={number} value={number}>
              {number === 1 ? 'the last day' : `the last ${number} days`}
            </MenuItem>
          ))}
        </Field>
        {simulation.isPending ? (
          <Button color="error" onClick={cancel}>
            Cancel the simulation
          </Button>
        ) : (
          <Button
            variant="outlined"
            disabled={isWithoutConditions(fields)}
            onClick={() => simulate(wish)}
          >
            Simulate
          </Button>
        )}
      </Stack>
      <Box aria-live="polite" sx={{ mt: 1.5 }}>
        {isWithoutConditions(fields) && (
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            With a condition filled in, the rule can be tried on what the audit holds.
          </Typography>
        )}
        {simulation.isPending && (
          <Typography variant="body2">Reading the audit; up to half a minute …</Typography>
        )}
        <ServerError error={simulation.error} />
        {simulation.data && <Found found={simulation.data} isCurrent={isSame(asked, wish)} />}
      </Box>
    </Box>
  )
}

/** One at a time; it is given up when its form goes. */
function useCancellable() {
  const simulation = useSimulation()
  const underWay = useRef<AbortController>(undefined)
  useEffect(() => () => underWay.current?.abort(), [])
  return {
    simulation,
    simulate: (body: RuleSimulation) => {
      underWay.current = new AbortController()
      simulation.mutate({ body, signal: underWay.current.signal })
    },
    cancel: () => {
      underWay.current?.abort()
      // What comes of the request that was aborted is not shown.
      simulation.reset()
    },
  }
}

function isSame(asked: RuleSimulation | undefined, wish: RuleSimulation): boolean {
  return JSON.stringify(asked) === JSON.stringify(wish)
}

interface FoundProps {
  readonly found: SimulatedRule
  /** It is of the form as it stands. */
  readonly isCurrent: boolean
}

function Found({ found, isCurrent }: FoundProps) {
  if (!isCurrent) {
    return <Alert severity="info">The rule was changed since: simulate it again.</Alert>
  }
  return (
    <Stack sx={{ gap: 1.5 }}>
      <Alert severity={severityOf(found)}>
        {countsInWords(found)}
        {found.stoppedBy !== null && (
          <>
            {' '}
            {STOPPED[found.stoppedBy]}: these go back to <TimeText at={found.from} />.
          </>
        )}
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
