/** What clients of a SQLite file are told of where they are. */
export interface Told {
  readonly database: string
  readonly version: string
}

/** psql asks a catalog of this release: see psql/. */
export const SQLITE_VERSION = `15.0 (ArticDBM, SQLite ${process.versions.sqlite ?? ''})`

/** As `server_version_num` has it: 15.3 is 150003. */
export function versionNumber(version: string): string {
  const [, major = '0', minor = '0'] = version.match(/^(\d+)(?:\.(\d+))?/) ?? []
  return String(Number(major) * 10_000 + Number(minor))
}
