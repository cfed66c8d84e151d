import type { Action } from '@articdbm/contract'
import Checkbox from '@mui/material/Checkbox'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import Typography from '@mui/material/Typography'
import { ACTIONS } from '../../services/words.ts'

const ORDER: readonly Action[] = ['read', 'write', 'admin']

interface ActionsFieldProps {
  readonly value: readonly Action[]
  readonly problem: string | undefined
  readonly onChange: (actions: readonly Action[]) => void
}

export function ActionsField({ value, problem, onChange }: ActionsFieldProps) {
  const isProblem = problem !== undefined
  return (
    <FormControl component="fieldset" error={isProblem}>
      <FormLabel component="legend" sx={{ fontSize: 13 }}>
        May
      </FormLabel>
      <FormGroup>
        {ORDER.map((action) => (
          <FormControlLabel
            key={action}
            control={
              <Checkbox
                size="small"
                checked={value.includes(action)}
                onChange={(_, isChecked) =>
                  onChange(
                    ORDER.filter((each) => (each === action ? isChecked : value.includes(each))),
                  )
                }
              />
            }
            label={
              <Typography variant="body2">
                <b>{ACTIONS[action].label}</b>
                <Typography
                  component="span"
                  variant="caption"
                  sx={{ ml: 1, color: 'text.secondary' }}
                >
                  {ACTIONS[action].hint}
                </Typography>
              </Typography>
            }
          />
        ))}
      </FormGroup>
      {isProblem && <FormHelperText>{problem}</FormHelperText>}
    </FormControl>
  )
}
