import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { instantOf, localOf } from '../../components/UntilField.tsx'

interface Span {
  readonly from: string | undefined
  readonly until: string | undefined
}

interface SpanFilterProps extends Span {
  readonly onChange: (span: Span) => void
}

const MINUTE_MS = 60_000
const PRESETS = {
  '15': 'Last 15 minutes',
  '60': 'Last hour',
  '1440': 'Last 24 hours',
  '10080': 'Last 7 days',
} as const

/** A span that ends now, or one between two instants. */
export function SpanFilter({ from, until, onChange }: SpanFilterProps) {
  const [preset, setPreset] = useState<string>()
  const isOpen = from !== undefined || until !== undefined
  const choose = (chosen: string) => {
    setPreset(chosen)
    if (chosen === '') onChange({ from: undefined, until: undefined })
    else if (chosen === 'custom') onChange({ from: from ?? beforeNow(60), until })
    else onChange({ from: beforeNow(Number(chosen)), until: undefined })
  }
  const shown = isOpen ? (preset ?? 'custom') : ''
  return (
    <>
      <TextField
        select
        label="Time"
        value={shown}
        onChange={(event) => choose(event.target.value)}
        slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
      >
        <MenuItem value="">Any time</MenuItem>
        {Object.entries(PRESETS).map(([minutes, text]) => (
          <MenuItem key={minutes} value={minutes}>
            {text}
          </MenuItem>
        ))}
        <MenuItem value="custom">From … until …</MenuItem>
      </TextField>
      {shown === 'custom' && (
        <Box sx={{ display: 'flex', gap: 1.5, gridColumn: { md: 'span 2' } }}>
          <InstantField label="From" at={from} onChange={(at) => onChange({ from: at, until })} />
          <InstantField label="Until" at={until} onChange={(at) => onChange({ from, until: at })} />
        </Box>
      )}
    </>
  )
}

interface InstantFieldProps {
  readonly label: string
  readonly at: string | undefined
  readonly onChange: (at: string | undefined) => void
}

function InstantField({ label, at, onChange }: InstantFieldProps) {
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={localOf(at ?? null)}
      onChange={(event) => onChange(instantOf(event.target.value) ?? undefined)}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  )
}

function beforeNow(minutes: number): string {
  return new Date(Date.now() - minutes * MINUTE_MS).toISOString()
}
