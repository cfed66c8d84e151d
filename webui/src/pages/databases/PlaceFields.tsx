import type { Database, Engine } from '@articdbm/contract'
import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import { Controller, useFormContext, useWatch } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { PasswordField } from '../../components/PasswordField.tsx'
import { ENGINES, TLS_MODES } from '../../services/words.ts'
import { type Fields, PORTS } from './fields.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/
const HOST = /^[A-Za-z0-9._:%-]+$/

const ROW = { display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '2fr 1fr' } } as const

/** What the database is called, and where it is. */
export function PlaceFields({ saved }: { readonly saved: Database | undefined }) {
  const { control, register, formState } = useFormContext<Fields>()
  const engine = useWatch({ control, name: 'engine' })
  return (
    <>
      <Box sx={ROW}>
        <Field
          label="Name"
          autoFocus={!saved}
          disabled={saved !== undefined}
          autoComplete="off"
          problem={formState.errors.name}
          helperText="What clients type to open it"
          {...register('name', {
            required: 'Give it a name',
            pattern: { value: NAME, message: 'Letters, digits, _ . - and no digit first' },
          })}
        />
        <Controller
          control={control}
          name="engine"
          render={({ field }) => (
            <Field select label="Engine" disabled={saved !== undefined} {...field}>
              {Object.entries(ENGINES).map(([value, label]) => (
                <MenuItem key={value} value={value}>
                  {label}
                </MenuItem>
              ))}
            </Field>
          )}
        />
      </Box>
      {engine === 'sqlite' ? <FileField /> : <ServerFields engine={engine} saved={saved} />}
    </>
  )
}

function FileField() {
  const { register, formState } = useFormContext<Fields>()
  return (
    <Field
      label="Path of the file"
      autoComplete="off"
      problem={formState.errors.path}
      helperText="On the gateway’s machine, for example /var/lib/articdbm/shop.db"
      {...register('path', { required: 'Give the path of the file' })}
    />
  )
}

interface ServerFieldsProps {
  readonly engine: Exclude<Engine, 'sqlite'>
  readonly saved: Database | undefined
}

function ServerFields({ engine, saved }: ServerFieldsProps) {
  const { register, formState } = useFormContext<Fields>()
  const { errors } = formState
  return (
    <>
      <Box sx={ROW}>
        <Field
          label="Host"
          autoComplete="off"
          problem={errors.host}
          helperText="As the gateway reaches it"
          {...register('host', {
            required: 'Give the server’s name or address',
            pattern: { value: HOST, message: 'A host name or an address, without port or scheme' },
          })}
        />
        <Field
          label="Port"
          placeholder={PORTS[engine]}
          problem={errors.port}
          slotProps={{ htmlInput: { inputMode: 'numeric' }, inputLabel: { shrink: true } }}
          {...register('port', {
            validate: (port) => port === '' || isPort(port) || 'From 1 to 65535',
          })}
        />
      </Box>
      <Box sx={ROW}>
        <Field
          label={engine === 'postgres' ? 'Database on the server' : 'Schema on the server'}
          autoComplete="off"
          helperText="Left empty: the same name"
          {...register('target')}
        />
        <TlsField />
      </Box>
      <CredentialFields saved={saved} />
    </>
  )
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
}

function TlsField() {
  const { control } = useFormContext<Fields>()
  return (
    <Controller
      control={control}
      name="tls"
      render={({ field }) => (
        <Field select label="TLS" helperText={TLS_MODES[field.value].hint} {...field}>
          {Object.entries(TLS_MODES).map(([value, { label }]) => (
            <MenuItem key={value} value={value}>
              {label}
            </MenuItem>
          ))}
        </Field>
      )}
    />
  )
}

function CredentialFields({ saved }: { readonly saved: Database | undefined }) {
  const { register, formState } = useFormContext<Fields>()
  const isKept = saved?.hasCredential === true
  return (
    <Box sx={{ ...ROW, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
      <Field
        label="User"
        autoComplete="off"
        problem={formState.errors.user}
        helperText={
          isKept ? 'Left empty: the stored one is kept' : 'The account that the gateway uses'
        }
        {...register('user', { validate: (user) => isKept || user !== '' || 'Give the account' })}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        helperText="Sealed when saved; never shown again"
        {...register('password')}
      />
    </Box>
  )
}
