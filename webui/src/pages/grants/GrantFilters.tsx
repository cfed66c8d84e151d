import MenuItem from '@mui/material/MenuItem'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import { useQuery } from '@tanstack/react-query'
import { databasesOptions } from '../../services/databases.ts'
import type { GrantFilter } from '../../services/grants.ts'
import { usersOptions } from '../../services/users.ts'

interface GrantFiltersProps {
  readonly filter: GrantFilter
  readonly onChange: (filter: GrantFilter) => void
}

export function GrantFilters({ filter, onChange }: GrantFiltersProps) {
  const users = useQuery(usersOptions)
  const databases = useQuery(databasesOptions)
  return (
    <Stack direction={{ xs: 'column', sm: 'row' }} sx={{ gap: 1.5, mb: 2 }}>
      <NameFilter
        label="User"
        value={filter.user}
        names={users.data?.map(({ name }) => name) ?? []}
        onChange={(user) => onChange({ ...filter, user })}
      />
      <NameFilter
        label="Database"
        value={filter.database}
        names={databases.data?.map(({ name }) => name) ?? []}
        onChange={(database) => onChange({ ...filter, database })}
      />
    </Stack>
  )
}

interface NameFilterProps {
  readonly label: string
  readonly value: string | undefined
  readonly names: readonly string[]
  readonly onChange: (value: string | undefined) => void
}

function NameFilter({ label, value = '', names, onChange }: NameFilterProps) {
  // One that is removed, or not loaded yet, stays choosable so that the filter shows what it does.
  const shown = value !== '' && !names.includes(value) ? [...names, value] : names
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value || undefined)}
      sx={{ maxWidth: { sm: 240 } }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">All</MenuItem>
      {shown.map((name) => (
        <MenuItem key={name} value={name}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
