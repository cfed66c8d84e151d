// What a rule holds for: all that is filled in must hold; of several values in one field, one.
import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Controller, useFormContext, useWatch } from 'react-hook-form'
import { ChipsField } from '../../components/ChipsField.tsx'
import { Field } from '../../components/Field.tsx'
import { useMay } from '../../services/session.ts'
import { usersOptions } from '../../services/users.ts'
import { DOORS, ROLES } from '../../services/words.ts'
import { daysInWords } from './in-words.ts'
import type { ListName, RuleFields } from './rule-fields.ts'

const EFFECTS: Readonly<Record<string, string>> = {
  read: 'read',
  write: 'write',
  define: 'define (CREATE, ALTER, DROP)',
  control: 'control (BEGIN, SET)',
}
const WIRES = ['postgres', 'mysql', 'rest', 'console'] as const

export function StatementFields() {
  const { register, control } = useFormContext<RuleFields>()
  return (
    <Group title="The statement">
      <ListField
        name="tables"
        label="Tables"
        helperText="orders, sales.orders, sales.*; Enter after each"
      />
      <Controller
        control={control}
        name="access"
        render={({ field }) => (
          <Field
            select
            label="What it does to them"
            slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
            {...field}
          >
            <MenuItem value="">Anything</MenuItem>
            <MenuItem value="read">Reads them</MenuItem>
            <MenuItem value="write">Writes to them</MenuItem>
          </Field>
        )}
      />
      <ListField
        name="effects"
        label="Effects"
        helperText="Of the whole statement"
        choices={EFFECTS}
      />
      <ListField name="columns" label="Columns" helperText="Named, or all of them taken: *" />
      <ListField name="functions" label="Functions" helperText="pg_read_file, json_*" />
      <ListField name="digests" label="Digests" helperText="As the audit shows them" />
      <Field
        label="Pattern"
        autoComplete="off"
        helperText="RE2 on the text, in any case; without look-around"
        {...register('pattern', { maxLength: 500 })}
      />
    </Group>
  )
}

export function CallerFields() {
  const users = useQuery({ ...usersOptions, enabled: useMay('users:read') })
  return (
    <Group title="Who sends it">
      <ListField
        name="users"
        label="Users"
        helperText="By name"
        options={users.data?.map(({ name }) => name) ?? []}
      />
      <ListField
        name="roles"
        label="Roles"
        helperText="Any of them"
        choices={Object.fromEntries(
          Object.entries(ROLES).map(([role, { label }]) => [role, label]),
        )}
      />
      <ListField
        name="applications"
        label="Applications"
        helperText="Metabase*: what clients say of themselves"
      />
      <ListField name="addresses" label="Addresses" helperText="10.0.0.0/8, 2001:db8::/32" />
      <ListField
        name="doors"
        label="Doors"
        helperText="By which way it comes"
        choices={Object.fromEntries(WIRES.map((door) => [door, DOORS[door]]))}
      />
    </Group>
  )
}

export function TimeFields() {
  const { register, control } = useFormContext<RuleFields>()
  const hoursAre = useWatch({ control, name: 'hoursAre' })
  return (
    <Group title="When">
      <Controller
        control={control}
        name="hoursAre"
        render={({ field }) => (
          <Field
            select
            label="Time"
            slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
            {...field}
          >
            <MenuItem value="">Any</MenuItem>
            <MenuItem value="within">Within hours</MenuItem>
            <MenuItem value="outside">Outside hours</MenuItem>
          </Field>
        )}
      />
      {hoursAre !== '' && (
        <>
          <Controller
            control={control}
            name="days"
            rules={{ validate: (days) => days.length > 0 || 'Choose a day at least' }}
            render={({ field: { value, onChange } }) => (
              <ChipsField
                isClosed
                label="Days"
                helperText="On which the hours begin"
                options={['1', '2', '3', '4', '5', '6', '7']}
                labelOf={(day) => daysInWords([Number(day)])}
                value={value}
                onChange={onChange}
              />
            )}
          />
          <Field label="From" type="time" {...register('from', { required: true })} />
          <Field
            label="Until"
            type="time"
            helperText="Before From: on the day after"
            {...register('until', { required: true })}
          />
          <Field
            label="Time zone"
            autoComplete="off"
            helperText="Europe/Vienna"
            {...register('timeZone', { required: 'A time zone, like Europe/Vienna' })}
          />
        </>
      )}
    </Group>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
      <Typography component="legend" variant="body2" sx={{ fontWeight: 560, mb: 1.5 }}>
        {title}
      </Typography>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' },
          alignItems: 'start',
        }}
      >
        {children}
      </Box>
    </Box>
  )
}

interface ListFieldProps {
  readonly name: ListName
  readonly label: string
  readonly helperText: string
  readonly options?: readonly string[]
  /** Only these may be chosen; by value, with what is shown for it. */
  readonly choices?: Readonly<Record<string, string>>
}

function ListField({ name, label, helperText, options, choices }: ListFieldProps) {
  const { control } = useFormContext<RuleFields>()
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { value, onChange } }) => (
        <ChipsField
          label={label}
          helperText={helperText}
          options={choices ? Object.keys(choices) : (options ?? [])}
          isClosed={choices !== undefined}
          labelOf={(option) => choices?.[option] ?? option}
          value={value}
          onChange={onChange}
        />
      )}
    />
  )
}
