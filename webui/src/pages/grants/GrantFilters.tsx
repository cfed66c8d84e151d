import Stack from '@mui/material/Stack'
import { useQuery } from '@tanstack/react-query'
import { DatabaseFilter, NameFilter } from '../../components/NameFilter.tsx'
import type { GrantFilter } from '../../services/grants.ts'
import { usersOptions } from '../../services/users.ts'

interface GrantFiltersProps {
  readonly filter: GrantFilter
  readonly onChange: (filter: GrantFilter) => void
}

export function GrantFilters({ filter, onChange }: GrantFiltersProps) {
  const users = useQuery(usersOptions)
  return (
    <Stack direction={{ xs: 'column', sm: 'row' }} sx={{ gap: 1.5, mb: 2 }}>
      <NameFilter
        label="User"
        value={filter.user}
        names={users.data?.map(({ name }) => name) ?? []}
        onChange={(user) => onChange({ ...filter, user })}
      />
      <DatabaseFilter
        value={filter.database}
        onChange={(database) => onChange({ ...filter, database })}
      />
    </Stack>
  )
}
