import type {
  SqlFile,
  SqlFileChange,
  SqlFileCreation,
  SqlFileRun,
  SqlFileSummary,
} from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, answerWhole } from './answer.ts'
import {
  approveSqlFile,
  cancelSqlFileRun,
  changeSqlFile,
  getSqlFile,
  listSqlFileRuns,
  listSqlFiles,
  runSqlFile,
  uploadSqlFile,
} from './api/index.ts'

const MAX_LISTED = 500
const RUNS_LISTED = 50
const RUNNING_REFRESH_MS = 1000

export interface SqlFileFilter {
  readonly database?: string
}

interface ListedSqlFiles {
  readonly files: readonly SqlFileSummary[]
  /** More than are listed, where there are more than 500. */
  readonly total: number
}

/** Newest first. */
export function sqlFilesOptions(filter: SqlFileFilter) {
  return queryOptions({
    queryKey: ['sql-files', 'list', filter],
    queryFn: async (): Promise<ListedSqlFiles> => {
      const query = { ...filter, limit: MAX_LISTED }
      const { data: files, meta } = await answerWhole(listSqlFiles({ query }))
      return { files, total: meta.total }
    },
  })
}

export function sqlFileOptions(id: string) {
  return queryOptions({
    queryKey: ['sql-files', 'file', id],
    queryFn: (): Promise<SqlFile> => answer(getSqlFile({ path: { id } })),
  })
}

/** The newest runs of a file, newest first. */
export function sqlFileRunsOptions(id: string) {
  return queryOptions({
    queryKey: ['sql-files', 'runs', id],
    queryFn: (): Promise<readonly SqlFileRun[]> =>
      answer(listSqlFileRuns({ path: { id }, query: { limit: RUNS_LISTED } })),
    // How far a run is is not told live.
    refetchInterval: ({ state }) =>
      state.data?.some((run) => run.state === 'running') ? RUNNING_REFRESH_MS : false,
  })
}

export function useUploadSqlFile() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: SqlFileCreation): Promise<SqlFile> => answer(uploadSqlFile({ body })),
    onSuccess: refresh,
  })
}

export interface NamedSqlFileChange {
  readonly id: string
  readonly change: SqlFileChange
}

export function useChangeSqlFile() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, change }: NamedSqlFileChange): Promise<SqlFile> =>
      answer(changeSqlFile({ path: { id }, body: change })),
    onSettled: refresh,
  })
}

/** The file as it was looked at: another text or version is refused. */
export type SeenSqlFile = Pick<SqlFileSummary, 'id' | 'sha256' | 'version'>

export function useApproveSqlFile() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, ...seen }: SeenSqlFile): Promise<SqlFile> =>
      answer(approveSqlFile({ path: { id }, body: seen })),
    // Also when somebody changed it meanwhile: what they made of it is to be seen.
    onSettled: refresh,
  })
}

export function useRunSqlFile() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, ...seen }: SeenSqlFile): Promise<SqlFileRun> =>
      answer(runSqlFile({ path: { id }, body: seen })),
    onSettled: refresh,
  })
}

export interface NamedRun {
  readonly id: string
  readonly run: string
}

export function useCancelSqlFileRun() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (path: NamedRun): Promise<SqlFileRun> => answer(cancelSqlFileRun({ path })),
    onSettled: refresh,
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['sql-files'] })
}
