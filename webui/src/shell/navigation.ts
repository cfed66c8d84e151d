import type { SvgIconComponent } from '@mui/icons-material'
import AccountIcon from '@mui/icons-material/AccountCircleOutlined'
import FileIcon from '@mui/icons-material/DescriptionOutlined'
import AuditIcon from '@mui/icons-material/FactCheckOutlined'
import FirewallIcon from '@mui/icons-material/GppGoodOutlined'
import UsersIcon from '@mui/icons-material/GroupOutlined'
import DashboardIcon from '@mui/icons-material/SpaceDashboardOutlined'
import DatabaseIcon from '@mui/icons-material/StorageOutlined'
import ConsoleIcon from '@mui/icons-material/TerminalOutlined'
import GrantIcon from '@mui/icons-material/VpnKeyOutlined'

interface Destination {
  readonly to:
    | '/'
    | '/databases'
    | '/console'
    | '/sql-files'
    | '/audit'
    | '/firewall'
    | '/users'
    | '/grants'
    | '/account'
  readonly label: string
  readonly Icon: SvgIconComponent
  /** Shown only to who may. */
  readonly permission?: string
}

interface Section {
  readonly label: string
  readonly destinations: readonly Destination[]
}

export const SECTIONS: readonly Section[] = [
  {
    label: 'Work',
    destinations: [
      { to: '/', label: 'Dashboard', Icon: DashboardIcon },
      { to: '/console', label: 'SQL console', Icon: ConsoleIcon },
      { to: '/sql-files', label: 'SQL files', Icon: FileIcon, permission: 'sql-files:read' },
      { to: '/databases', label: 'Databases', Icon: DatabaseIcon },
    ],
  },
  {
    label: 'Oversight',
    destinations: [
      { to: '/audit', label: 'Audit', Icon: AuditIcon, permission: 'audit:read' },
      { to: '/firewall', label: 'Firewall', Icon: FirewallIcon, permission: 'policies:read' },
    ],
  },
  {
    label: 'Access',
    destinations: [
      { to: '/users', label: 'Users', Icon: UsersIcon, permission: 'users:read' },
      { to: '/grants', label: 'Grants', Icon: GrantIcon, permission: 'grants:read' },
      { to: '/account', label: 'My account', Icon: AccountIcon },
    ],
  },
]
