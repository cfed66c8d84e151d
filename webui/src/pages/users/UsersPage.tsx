import type { User } from '@articdbm/contract'
import AddIcon from '@mui/icons-material/PersonAddAltOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { Page } from '../../components/Page.tsx'
import { SecretDialog } from '../../components/SecretDialog.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { useMay } from '../../services/session.ts'
import { usersOptions } from '../../services/users.ts'
import { AddUserDialog } from './AddUserDialog.tsx'
import { EditUserDialog } from './EditUserDialog.tsx'
import { RemoveUserDialog } from './RemoveUserDialog.tsx'
import { ResetPasswordDialog } from './ResetPasswordDialog.tsx'
import { UserRow } from './UserRow.tsx'

/** A one-time password that waits to be copied. */
interface Issued {
  readonly name: string
  readonly password: string
}

type Opened =
  | { readonly dialog: 'add' }
  | { readonly dialog: 'edit' | 'reset' | 'remove'; readonly user: User }
  | { readonly dialog: 'issued'; readonly issued: Issued }

export function UsersPage() {
  const mayWrite = useMay('users:write')
  const [opened, setOpened] = useState<Opened>()
  return (
    <Page
      title="Users"
      description="The same name and password open this page, REST, psql and mysql."
      actions={
        mayWrite && (
          <Button
            variant="contained"
            startIcon={<AddIcon />}
            onClick={() => setOpened({ dialog: 'add' })}
          >
            Add a user
          </Button>
        )
      }
    >
      <UserList onOpen={(dialog, user) => setOpened({ dialog, user })} />
      {opened && <OpenedDialog opened={opened} onOpen={setOpened} />}
    </Page>
  )
}

interface UserListProps {
  readonly onOpen: (dialog: 'edit' | 'reset' | 'remove', user: User) => void
}

function UserList({ onOpen }: UserListProps) {
  const users = useQuery(usersOptions)
  if (users.isPending) return <ListSkeleton label="Loading users" />
  if (users.error) return <ServerError error={users.error} onRetry={() => void users.refetch()} />
  return (
    <Card>
      <ListTable label="Users" columns={['Name', 'Role', 'State', 'Until', 'Since']}>
        {users.data.map((user) => (
          <UserRow key={user.id} user={user} onOpen={(dialog) => onOpen(dialog, user)} />
        ))}
      </ListTable>
    </Card>
  )
}

interface OpenedDialogProps {
  readonly opened: Opened
  readonly onOpen: (opened: Opened | undefined) => void
}

function OpenedDialog({ opened, onOpen }: OpenedDialogProps) {
  const close = () => onOpen(undefined)
  const issue = (issued: Issued) => onOpen({ dialog: 'issued', issued })
  switch (opened.dialog) {
    case 'add':
      return <AddUserDialog onAdded={issue} onClose={close} />
    case 'edit':
      return <EditUserDialog user={opened.user} onClose={close} />
    case 'reset':
      return <ResetPasswordDialog user={opened.user} onReset={issue} onClose={close} />
    case 'remove':
      return <RemoveUserDialog user={opened.user} onClose={close} />
    case 'issued':
      return (
        <SecretDialog
          title={`One-time password of ${opened.issued.name}`}
          secret={opened.issued.password}
          what="one-time password"
          onClose={close}
        >
          Give it to {opened.issued.name} on a safe way. It opens the web page once, which then asks
          for a password of their own.
        </SecretDialog>
      )
  }
}
