import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'

interface ChoiceFilterProps<Choice extends string> {
  readonly label: string
  readonly choices: Readonly<Record<Choice, string>>
  readonly value: Choice | undefined
  readonly onChange: (value: Choice | undefined) => void
}

export function ChoiceFilter<Choice extends string>(props: ChoiceFilterProps<Choice>) {
  const { label, choices, value, onChange } = props
  // A value that is not among the choices (a removed database) is still shown as the filter it is.
  const isForeign = value !== undefined && !(value in choices)
  return (
    <TextField
      select
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange((event.target.value || undefined) as Choice | undefined)}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">All</MenuItem>
      {isForeign && <MenuItem value={value}>{value}</MenuItem>}
      {Object.entries<string>(choices).map(([choice, text]) => (
        <MenuItem key={choice} value={choice}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  )
}
