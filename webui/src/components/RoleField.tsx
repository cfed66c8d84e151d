import type { Role } from '@articdbm/contract'
import MenuItem from '@mui/material/MenuItem'
import { ROLES } from '../services/words.ts'
import { Field } from './Field.tsx'

interface RoleFieldProps {
  readonly value: Role
  readonly onChange: (role: Role) => void
}

export function RoleField({ value, onChange }: RoleFieldProps) {
  return (
    <Field
      select
      label="Role"
      value={value}
      helperText={ROLES[value].hint}
      onChange={(event) => onChange(event.target.value as Role)}
    >
      {Object.entries(ROLES).map(([role, { label }]) => (
        <MenuItem key={role} value={role}>
          {label}
        </MenuItem>
      ))}
    </Field>
  )
}
