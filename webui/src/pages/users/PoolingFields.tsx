import type { PoolMode, UserPooling } from '@articdbm/contract'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import Switch from '@mui/material/Switch'
import { Controller, useFormContext } from 'react-hook-form'
import { Advanced } from '../../components/Advanced.tsx'
import { Field } from '../../components/Field.tsx'

/** How they are written in a form: '' is as each database says. */
export interface PoolingInput {
  readonly poolMode: PoolMode | ''
  readonly lanes: boolean
  readonly maxConnections: string
}

export function poolingInput({ mode, lanes, maxConnections }: UserPooling): PoolingInput {
  return {
    poolMode: mode ?? '',
    lanes: lanes ?? true,
    maxConnections: maxConnections === undefined ? '' : String(maxConnections),
  }
}

export function poolingOf({ poolMode, lanes, maxConnections }: PoolingInput): UserPooling {
  return {
    ...(poolMode !== '' && { mode: poolMode }),
    ...(!lanes && { lanes }),
    ...(maxConnections !== '' && { maxConnections: Number(maxConnections) }),
  }
}

/** What is left as it is follows each database. */
export function PoolingFields() {
  return (
    <Advanced about="connections to databases">
      <ModeField />
      <LimitField />
      <LanesSwitch />
    </Advanced>
  )
}

const MODES: Record<PoolMode | '', { readonly label: string; readonly hint: string }> = {
  '': { label: 'As each database says', hint: 'Their sessions are pooled like everybody’s' },
  transaction: { label: 'Transaction', hint: 'A session has a connection for each transaction' },
  session: { label: 'Session', hint: 'A session keeps its connection to its end' },
  statement: {
    label: 'Statement',
    hint: 'A session has a connection for each statement: transactions are refused',
  },
}

function ModeField() {
  const { control } = useFormContext<PoolingInput>()
  return (
    <Controller
      control={control}
      name="poolMode"
      render={({ field }) => (
        <Field
          select
          label="Pool by"
          helperText={MODES[field.value].hint}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          {...field}
        >
          {Object.entries(MODES).map(([mode, { label }]) => (
            <MenuItem key={mode} value={mode}>
              {label}
            </MenuItem>
          ))}
        </Field>
      )}
    />
  )
}

function LimitField() {
  const { register, formState } = useFormContext<PoolingInput>()
  const validate = (text: string) =>
    text === '' || (/^\d+$/.test(text) && Number(text) <= 1000) || 'From 0 to 1000, or nothing'
  return (
    <Field
      label="Connections to each database"
      problem={formState.errors.maxConnections}
      helperText="That their sessions may have at once; 0 for no limit, empty for the database’s"
      {...register('maxConnections', { validate })}
    />
  )
}

function LanesSwitch() {
  const { control } = useFormContext<PoolingInput>()
  return (
    <Controller
      control={control}
      name="lanes"
      render={({ field: { value, onChange, ref } }) => (
        <FormControlLabel
          control={<Switch checked={value} onChange={onChange} slotProps={{ input: { ref } }} />}
          label="Short reads may share connections with others’"
        />
      )}
    />
  )
}
