import type { Rule, RuleAction, RuleChange } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Switch from '@mui/material/Switch'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { type Choice, RowMenu } from '../../components/RowMenu.tsx'
import { StateChip, type Tone } from '../../components/StateChip.tsx'
import { useMay } from '../../services/session.ts'
import { RULE_ACTIONS } from '../../services/words.ts'
import { conditionsInWords } from './in-words.ts'

const TONES: Record<RuleAction, Tone> = { allow: 'success', alert: 'warning', block: 'error' }

interface RuleRowProps {
  readonly rule: Rule
  /** All rules' names in their order, and which one this is. */
  readonly place: { readonly at: number; readonly names: readonly string[] }
  readonly onChange: (change: RuleChange) => void
  readonly onEdit: () => void
  readonly onRemove: () => void
}

export function RuleRow({ rule, place, onChange, onEdit, onRemove }: RuleRowProps) {
  const mayWrite = useMay('policies:write')
  const { name, isOn, action, database, message, version } = rule
  const choices: readonly Choice[] = [
    { label: 'Edit or simulate', choose: onEdit },
    ...movesOf(place, (before) => onChange({ before, version })),
    { label: 'Remove', choose: onRemove, isDangerous: true },
  ]
  return (
    <TableRow hover sx={isOn ? {} : { '& > th, & > td:not(:last-child)': { opacity: 0.7 } }}>
      <TableCell component="th" scope="row" sx={{ fontWeight: 560 }}>
        <Box component="span" sx={{ mr: 1, color: 'text.secondary', fontWeight: 400 }}>
          {place.at + 1}
        </Box>
        {name}
      </TableCell>
      <TableCell>
        <Switch
          size="small"
          checked={isOn}
          disabled={!mayWrite}
          onChange={(_, isChecked) => onChange({ isOn: isChecked, version })}
          slotProps={{ input: { 'aria-label': `${name} is on` } }}
        />
      </TableCell>
      <TableCell>
        <StateChip tone={TONES[action]}>{RULE_ACTIONS[action].label}</StateChip>
      </TableCell>
      <TableCell sx={{ minWidth: 240 }}>
        {conditionsInWords(rule.conditions)}
        {message && (
          <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
            “{message}”
          </Typography>
        )}
      </TableCell>
      <TableCell>{database ?? 'All'}</TableCell>
      <TableCell align="right">{mayWrite && <RowMenu of={name} choices={choices} />}</TableCell>
    </TableRow>
  )
}

function movesOf(
  { at, names }: RuleRowProps['place'],
  move: (before: string | null) => void,
): readonly Choice[] {
  const above = names[at - 1]
  const isLast = at === names.length - 1
  const up: Choice[] = above === undefined ? [] : [{ label: 'Move up', choose: () => move(above) }]
  const below = names[at + 2] ?? null
  return isLast ? up : [...up, { label: 'Move down', choose: () => move(below) }]
}
