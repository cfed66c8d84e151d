import type { PoolMode } from '@articdbm/contract'
import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import { Controller, useFormContext, useWatch } from 'react-hook-form'
import { Advanced } from '../../components/Advanced.tsx'
import { Field } from '../../components/Field.tsx'
import { GUARDS, LEARNING } from '../../services/words.ts'
import type { Fields } from './fields.ts'

const MODES = {
  enforce: { label: 'Enforce', hint: 'What a rule finds is blocked' },
  monitor: { label: 'Monitor', hint: 'What a rule finds is only recorded; grants still decide' },
} as const

/** Pool and policy: sensible as they are. */
export function AdvancedFields() {
  return (
    <Advanced about="pool and policy">
      <PoolFields />
      <PoolModeField />
      <Toggle
        name="lanes"
        label="Let short reads share connections"
        hint="PostgreSQL, MySQL and MariaDB; switch it off where reading a view changes something"
      />
      <Toggle
        name="readWriteSplit"
        label="Send plain reads to replicas"
        hint="Where there are some; whoever has written reads from the primary until a replica has it"
      />
      <PolicyFields />
    </Advanced>
  )
}

function PoolFields() {
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
      <NumberField
        name="maxConnections"
        label="Connections at most"
        hint="Each gateway opens at most this many; 30 % at start"
        range={[1, 1000]}
      />
      <NumberField
        name="checkoutTimeoutMs"
        label="Wait for one, in ms"
        hint="Then the client is told that all are in use"
        range={[10, 600_000]}
      />
      <NumberField
        name="maxConnectionsPerUser"
        label="Connections for each person"
        hint="0 for no limit"
        range={[0, 1000]}
      />
      <NumberField
        name="maxLagMs"
        label="Lag of a replica at most, in ms"
        hint="Beyond it a replica gets no reads"
        range={[0, 3_600_000]}
      />
    </Box>
  )
}

interface NumberFieldProps {
  readonly name: 'maxConnections' | 'checkoutTimeoutMs' | 'maxConnectionsPerUser' | 'maxLagMs'
  readonly label: string
  readonly hint: string
  /** The least and the most that it takes. */
  readonly range: readonly [number, number]
}

function NumberField({ name, label, hint, range: [least, most] }: NumberFieldProps) {
  const { register, formState } = useFormContext<Fields>()
  const validate = (text: string) =>
    (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) ||
    `From ${least} to ${most}`
  return (
    <Field
      label={label}
      problem={formState.errors[name]}
      helperText={hint}
      {...register(name, { validate })}
    />
  )
}

const MYSQL_ENGINES: ReadonlySet<Fields['engine']> = new Set(['mysql', 'mariadb', 'galera'])

const POOL_MODES: Record<PoolMode, string> = {
  transaction: 'A session has a connection for each transaction',
  session: 'A session keeps its connection to its end',
  statement: 'A session has a connection for each statement: transactions are refused',
}

function PoolModeField() {
  const { control } = useFormContext<Fields>()
  return (
    <Controller
      control={control}
      name="poolMode"
      render={({ field }) => (
        <Field select label="Pool by" helperText={POOL_MODES[field.value]} {...field}>
          {Object.keys(POOL_MODES).map((mode) => (
            <MenuItem key={mode} value={mode}>
              {mode}
            </MenuItem>
          ))}
        </Field>
      )}
    />
  )
}

function PolicyFields() {
  const { control } = useFormContext<Fields>()
  const engine = useWatch({ control, name: 'engine' })
  return (
    <>
      <Controller
        control={control}
        name="mode"
        render={({ field }) => (
          <Field select label="Injection rules" helperText={MODES[field.value].hint} {...field}>
            {Object.entries(MODES).map(([value, { label }]) => (
              <MenuItem key={value} value={value}>
                {label}
              </MenuItem>
            ))}
          </Field>
        )}
      />
      <Toggle
        name="sqlInjectionDetection"
        label="Look for SQL injection"
        hint="Every statement is read by the engine’s grammar and scored"
      />
      <Toggle
        name="blockDefaultResources"
        label="Close default resources"
        hint="System catalogs with secrets, test and sample databases, well-known accounts"
      />
      <ChoiceField name="destructive" label="What destroys" choices={GUARDS} />
      <ChoiceField name="learning" label="What is new to an application" choices={LEARNING} />
      {engine !== 'sqlite' && (
        <Toggle
          name="tellPerson"
          label="Tell the database for whom"
          hint="Sessions opened from then on carry the person’s name: articdbm.person, @articdbm_person"
        />
      )}
      {MYSQL_ENGINES.has(engine) && (
        <Toggle
          name="allowLocalFiles"
          label="Allow LOAD DATA LOCAL"
          hint="Whoever may write a table may fill it from a file on their own machine"
        />
      )}
    </>
  )
}

interface ChoiceFieldProps {
  readonly name: 'destructive' | 'learning'
  readonly label: string
  readonly choices: Readonly<Record<string, { readonly label: string; readonly hint: string }>>
}

function ChoiceField({ name, label, choices }: ChoiceFieldProps) {
  const { control } = useFormContext<Fields>()
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <Field select label={label} helperText={choices[field.value]?.hint} {...field}>
          {Object.entries(choices).map(([value, choice]) => (
            <MenuItem key={value} value={value}>
              {choice.label}
            </MenuItem>
          ))}
        </Field>
      )}
    />
  )
}

interface ToggleProps {
  readonly name:
    | 'lanes'
    | 'readWriteSplit'
    | 'sqlInjectionDetection'
    | 'blockDefaultResources'
    | 'allowLocalFiles'
    | 'tellPerson'
  readonly label: string
  readonly hint: string
}

function Toggle({ name, label, hint }: ToggleProps) {
  const { control } = useFormContext<Fields>()
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { value, onChange, ref } }) => (
        <FormControlLabel
          sx={{ alignItems: 'flex-start', mr: 0 }}
          control={<Switch checked={value} onChange={onChange} slotProps={{ input: { ref } }} />}
          label={
            <Box sx={{ pt: 0.75 }}>
              <Typography variant="body2" sx={{ fontWeight: 540 }}>
                {label}
              </Typography>
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {hint}
              </Typography>
            </Box>
          }
        />
      )}
    />
  )
}
