import type { Mask } from '@articdbm/contract'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { type Choice, RowMenu } from '../../components/RowMenu.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useMay } from '../../services/session.ts'
import { MONO } from '../../theme/theme.ts'
import { columnOf, MASK_FORMS, plainlyInWords } from './mask-words.ts'

const NAME = { minWidth: 130, overflowWrap: 'anywhere' } as const

interface MaskRowProps {
  readonly mask: Mask
  readonly onEdit: () => void
  readonly onRemove: () => void
}

export function MaskRow({ mask, onEdit, onRemove }: MaskRowProps) {
  const mayWrite = useMay('policies:write')
  const { label, example } = MASK_FORMS[mask.form]
  const choices: readonly Choice[] = [
    { label: 'Edit', choose: onEdit },
    { label: 'Remove', choose: onRemove, isDangerous: true },
  ]
  return (
    <TableRow hover>
      <TableCell component="th" scope="row" sx={{ ...NAME, fontWeight: 560 }}>
        {mask.table}
      </TableCell>
      <TableCell sx={NAME}>{mask.column}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        {label}{' '}
        <Typography
          component="span"
          sx={{ fontFamily: MONO, fontSize: 13, color: 'text.secondary', ml: 0.5 }}
        >
          {example}
        </Typography>
      </TableCell>
      <TableCell sx={{ minWidth: 140 }}>{plainlyInWords(mask)}</TableCell>
      <TableCell>{mask.database}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <TimeText at={mask.createdAt} /> by {mask.createdBy}
      </TableCell>
      <TableCell align="right">
        {mayWrite && <RowMenu of={columnOf(mask)} choices={choices} />}
      </TableCell>
    </TableRow>
  )
}
