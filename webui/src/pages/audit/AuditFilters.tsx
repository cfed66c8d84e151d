import SearchIcon from '@mui/icons-material/Search'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import InputAdornment from '@mui/material/InputAdornment'
import TextField from '@mui/material/TextField'
import { useQuery } from '@tanstack/react-query'
import { databasesOptions } from '../../services/databases.ts'
import { DOORS, VERDICTS } from '../../services/words.ts'
import { ChoiceFilter } from './ChoiceFilter.tsx'
import { SpanFilter } from './SpanFilter.tsx'
import { type AuditSearch, auditQueryOf } from './search.ts'
import { useDelayed } from './use-delayed.ts'

interface AuditFiltersProps {
  readonly search: AuditSearch
  readonly onChange: (search: AuditSearch) => void
}

const KINDS = {
  statement: 'Statements',
  session: 'Log-ins',
  administration: 'Administration',
} as const

export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const databases = useQuery(databasesOptions)
  const names = Object.fromEntries((databases.data ?? []).map(({ name }) => [name, name]))
  const set = (changed: Partial<AuditSearch>) =>
    onChange({ ...search, ...changed, event: undefined })
  const isFiltered = Object.values(auditQueryOf(search)).some((value) => value !== undefined)
  return (
    <Box component="search" sx={LAYOUT}>
      <TextFilter
        label="SQL contains"
        hasIcon
        value={search.sql}
        onChange={(sql) => set({ sql })}
      />
      <TextFilter
        label="Person"
        value={search.principal}
        onChange={(principal) => set({ principal })}
      />
      <ChoiceFilter
        label="Database"
        choices={names}
        value={search.database}
        onChange={(database) => set({ database })}
      />
      <ChoiceFilter
        label="Verdict"
        choices={VERDICTS}
        value={search.verdict}
        onChange={(verdict) => set({ verdict })}
      />
      <ChoiceFilter
        label="Door"
        choices={DOORS}
        value={search.door}
        onChange={(door) => set({ door })}
      />
      <ChoiceFilter
        label="Kind"
        choices={KINDS}
        value={search.kind}
        onChange={(kind) => set({ kind })}
      />
      <TextFilter label="Digest" value={search.digest} onChange={(digest) => set({ digest })} />
      <SpanFilter from={search.from} until={search.until} onChange={set} />
      {isFiltered && (
        <Button onClick={() => onChange({})} sx={{ justifySelf: 'start' }}>
          Clear
        </Button>
      )}
    </Box>
  )
}

const LAYOUT = {
  display: 'grid',
  gap: 1.5,
  mb: 2,
  gridTemplateColumns: {
    xs: 'repeat(2, minmax(0, 1fr))',
    md: 'repeat(4, minmax(0, 1fr))',
    lg: '2fr repeat(3, minmax(0, 1fr))',
  },
} as const

interface TextFilterProps {
  readonly label: string
  readonly value: string | undefined
  readonly hasIcon?: boolean
  readonly onChange: (value: string | undefined) => void
}

/** Asks when the typing pauses, not with every key. */
function TextFilter({ label, value = '', hasIcon = false, onChange }: TextFilterProps) {
  const [typed, setTyped] = useDelayed(value, (text) => onChange(text || undefined))
  const icon = (
    <InputAdornment position="start">
      <SearchIcon fontSize="small" />
    </InputAdornment>
  )
  return (
    <TextField
      type="search"
      label={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      slotProps={hasIcon ? { input: { startAdornment: icon }, inputLabel: { shrink: true } } : {}}
    />
  )
}
