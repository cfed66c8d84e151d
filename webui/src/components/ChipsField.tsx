import Autocomplete from '@mui/material/Autocomplete'
import TextField from '@mui/material/TextField'

interface ChipsFieldProps {
  readonly label: string
  readonly helperText: string
  readonly value: readonly string[]
  readonly onChange: (value: string[]) => void
  /** What is offered; other values may be typed all the same. */
  readonly options?: readonly string[]
  /** Only what is offered may be chosen. */
  readonly isClosed?: boolean
  readonly labelOf?: (option: string) => string
}

/** Several values, each a chip; typed ones are taken at Enter, and when the field is left. */
export function ChipsField(props: ChipsFieldProps) {
  const { label, helperText, value, onChange, options = [], isClosed = false } = props
  const { labelOf = (option) => option } = props
  return (
    <Autocomplete
      multiple
      freeSolo={!isClosed}
      autoSelect={!isClosed}
      disableCloseOnSelect={isClosed}
      options={options}
      value={[...value]}
      getOptionLabel={labelOf}
      onChange={(_, chosen) => onChange(chosen.map((one) => one.trim()).filter(Boolean))}
      slotProps={{ chip: { size: 'small' } }}
      renderInput={(params) => <TextField {...params} label={label} helperText={helperText} />}
    />
  )
}
