import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useQuery } from '@tanstack/react-query'
import { databasesOptions } from '../services/databases.ts'

interface NameFilterProps {
  readonly label: string
  readonly value: string | undefined
  readonly names: readonly string[]
  readonly onChange: (value: string | undefined) => void
}

/** Narrows a list to one name, or shows all. */
export function NameFilter({ label, value = '', names, onChange }: NameFilterProps) {
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

/** Narrows a list to one database. */
export function DatabaseFilter({ value, onChange }: Pick<NameFilterProps, 'value' | 'onChange'>) {
  const databases = useQuery(databasesOptions)
  const names = databases.data?.map(({ name }) => name) ?? []
  return <NameFilter label="Database" value={value} names={names} onChange={onChange} />
}
