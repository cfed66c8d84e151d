import type { Rule } from '@articdbm/contract'
import AddIcon from '@mui/icons-material/Add'
import RuleIcon from '@mui/icons-material/GppGoodOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { rulesOptions, useChangeRule } from '../../services/firewall.ts'
import { useMay } from '../../services/session.ts'
import { RemoveRuleDialog } from './RemoveRuleDialog.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import { RuleRow } from './RuleRow.tsx'

/** In their order: the first that allows or blocks ends the list. */
export function Rules({ onAdd }: { readonly onAdd: () => void }) {
  const rules = useQuery(rulesOptions)
  const change = useChangeRule()
  const [edited, setEdited] = useState<Rule>()
  const [removed, setRemoved] = useState<Rule>()
  if (rules.isPending) return <ListSkeleton label="Loading rules" />
  if (rules.error) return <ServerError error={rules.error} onRetry={() => void rules.refetch()} />
  if (rules.data.length === 0) return <NoRules onAdd={onAdd} />
  return (
    <>
      <ServerError error={change.error} sx={{ mb: 2 }} />
      <Card>
        <ListTable label="Rules" columns={['Rule', 'On', 'Action', 'Holds for', 'Database']}>
          {rules.data.map((rule, at) => (
            <RuleRow
              key={rule.name}
              rule={rule}
              place={{ at, names: rules.data.map(({ name }) => name) }}
              onChange={(changed) => change.mutate({ name: rule.name, change: changed })}
              onEdit={() => setEdited(rule)}
              onRemove={() => setRemoved(rule)}
            />
          ))}
        </ListTable>
      </Card>
      {edited && <RuleDialog rule={edited} onClose={() => setEdited(undefined)} />}
      {removed && <RemoveRuleDialog rule={removed} onClose={() => setRemoved(undefined)} />}
    </>
  )
}

function NoRules({ onAdd }: { readonly onAdd: () => void }) {
  const mayWrite = useMay('policies:write')
  return (
    <Card>
      <EmptyState
        icon={<RuleIcon />}
        title="No rule of your own yet"
        action={
          mayWrite && (
            <Button variant="contained" startIcon={<AddIcon />} onClick={onAdd}>
              Add rule
            </Button>
          )
        }
      >
        A rule blocks statements, or raises an alert, by what they touch, who sends them, from
        where, with what and when: no exports of customers at night, no reports by anything but the
        reporting tool. Try it on the last days’ statements before you switch it on.
      </EmptyState>
    </Card>
  )
}
