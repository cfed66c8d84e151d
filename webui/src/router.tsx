import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { RouteError } from './components/RouteError.tsx'
import { RoutePending } from './components/RoutePending.tsx'
import { readAuditSearch } from './pages/audit/search.ts'
import { readConsoleSearch } from './pages/console/search.ts'
import { readDatabasesSearch } from './pages/databases/search.ts'
import { readFirewallSearch } from './pages/firewall/search.ts'
import { readGrantsSearch } from './pages/grants/search.ts'
import { readLoginSearch } from './pages/login/search.ts'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { readSqlFilesSearch } from './pages/sql-files/search.ts'
import { queries } from './services/queries.ts'
import { meOptions } from './services/session.ts'
import { AppShell } from './shell/AppShell.tsx'

const root = createRootRoute({ notFoundComponent: NotFoundPage })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: readLoginSearch,
  component: lazyRouteComponent(() => import('./pages/login/LoginPage.tsx'), 'LoginPage'),
})

const password = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  validateSearch: readLoginSearch,
  beforeLoad: async () => {
    const me = await queries.ensureQueryData(meOptions)
    if (!me) throw redirect({ to: '/login' })
  },
  component: lazyRouteComponent(
    () => import('./pages/login/NewPasswordPage.tsx'),
    'NewPasswordPage',
  ),
})

/** Everything behind the login. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    const me = await queries.ensureQueryData(meOptions)
    const search = location.pathname === '/' ? {} : { next: location.href }
    if (!me) throw redirect({ to: '/login', search })
    if (me.user.mustChangePassword) throw redirect({ to: '/new-password', search })
  },
  component: AppShell,
})

const dashboard = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(
    () => import('./pages/dashboard/DashboardPage.tsx'),
    'DashboardPage',
  ),
})

const databases = createRoute({
  getParentRoute: () => app,
  path: '/databases',
  validateSearch: readDatabasesSearch,
  component: lazyRouteComponent(
    () => import('./pages/databases/DatabasesPage.tsx'),
    'DatabasesPage',
  ),
})

const sqlConsole = createRoute({
  getParentRoute: () => app,
  path: '/console',
  validateSearch: readConsoleSearch,
  component: lazyRouteComponent(() => import('./pages/console/ConsolePage.tsx'), 'ConsolePage'),
})

const sqlFiles = createRoute({
  getParentRoute: () => app,
  path: '/sql-files',
  validateSearch: readSqlFilesSearch,
  component: lazyRouteComponent(() => import('./pages/sql-files/SqlFilesPage.tsx'), 'SqlFilesPage'),
})

const sqlFile = createRoute({
  getParentRoute: () => app,
  path: '/sql-files/$id',
  component: lazyRouteComponent(() => import('./pages/sql-files/SqlFilePage.tsx'), 'SqlFilePage'),
})

const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage.tsx'), 'AuditPage'),
})

const firewall = createRoute({
  getParentRoute: () => app,
  path: '/firewall',
  validateSearch: readFirewallSearch,
  component: lazyRouteComponent(() => import('./pages/firewall/FirewallPage.tsx'), 'FirewallPage'),
})

const users = createRoute({
  getParentRoute: () => app,
  path: '/users',
  component: lazyRouteComponent(() => import('./pages/users/UsersPage.tsx'), 'UsersPage'),
})

const grants = createRoute({
  getParentRoute: () => app,
  path: '/grants',
  validateSearch: readGrantsSearch,
  component: lazyRouteComponent(() => import('./pages/grants/GrantsPage.tsx'), 'GrantsPage'),
})

const account = createRoute({
  getParentRoute: () => app,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/AccountPage.tsx'), 'AccountPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    password,
    app.addChildren([
      ...[dashboard, databases, sqlConsole, sqlFiles, sqlFile],
      ...[audit, firewall, users, grants, account],
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
  defaultPendingComponent: RoutePending,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
