import type { Database } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Stack from '@mui/material/Stack'
import { createLink } from '@tanstack/react-router'
import { useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import { ServerError } from '../../components/ServerError.tsx'
import { useChangeDatabase, useCreateDatabase, useTestDatabase } from '../../services/databases.ts'
import { AdvancedFields } from './AdvancedFields.tsx'
import { changeOf, creationOf, type Fields, fieldsOf } from './fields.ts'
import { PlaceFields } from './PlaceFields.tsx'
import { TestOutcome } from './TestOutcome.tsx'

const LinkButton = createLink(Button)

interface DatabaseDialogProps {
  /** Left out: a new one. */
  readonly database?: Database
  readonly onClose: () => void
}

/** Saves first, then tests what was saved, and stays open until it answers or the person leaves. */
export function DatabaseDialog({ database, onClose }: DatabaseDialogProps) {
  const { saved, save, test, isPending, error } = useSave(database)
  const form = useForm<Fields>({ defaultValues: fieldsOf(database), mode: 'onTouched' })
  const submit = form.handleSubmit(save)
  const isReachable = test.data?.isReachable === true
  return (
    <Dialog open onClose={onClose} aria-labelledby="database-title">
      <FormProvider {...form}>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <DialogTitle id="database-title">
            {saved ? `Edit ${saved.name}` : 'Add a database'}
          </DialogTitle>
          <DialogContent>
            <Stack sx={{ gap: 2.5, pt: 1 }}>
              <PlaceFields saved={saved} />
              <AdvancedFields />
            </Stack>
          </DialogContent>
          <Box aria-live="polite" sx={{ px: 3 }}>
            <ServerError title="It was not saved" error={error} sx={{ mt: 2 }} />
            <TestOutcome test={test.data} error={test.error} sx={{ mt: 2 }} />
          </Box>
          <DialogActions>
            {isReachable && saved && (
              <LinkButton
                to="/grants"
                search={{ database: saved.name, add: true }}
                sx={{ mr: 'auto' }}
              >
                Grant access to it
              </LinkButton>
            )}
            <Button onClick={onClose}>{saved ? 'Close' : 'Cancel'}</Button>
            <Button
              type="submit"
              variant={isReachable ? 'outlined' : 'contained'}
              loading={isPending}
            >
              Save and test
            </Button>
          </DialogActions>
        </form>
      </FormProvider>
    </Dialog>
  )
}

function useSave(database: Database | undefined) {
  const [saved, setSaved] = useState(database)
  const create = useCreateDatabase()
  const change = useChangeDatabase()
  const test = useTestDatabase()
  const onSuccess = (kept: Database) => {
    setSaved(kept)
    test.mutate(kept.name)
  }
  const save = (fields: Fields) => {
    test.reset()
    if (saved) change.mutate({ name: saved.name, body: changeOf(fields, saved) }, { onSuccess })
    else create.mutate(creationOf(fields), { onSuccess })
  }
  return {
    saved,
    save,
    test,
    isPending: create.isPending || change.isPending || test.isPending,
    error: saved ? change.error : create.error,
  }
}
