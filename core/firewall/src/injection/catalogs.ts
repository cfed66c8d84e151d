import type { Node } from './tree/node.ts'

/** Names of what a server's own tables are called, of this server and of those that an attacker may take it for. */
const SCHEMAS =
  /^(?:information_schema|pg_catalog|mysql|performance_schema|sys|sysibm|sysmaster|syscat|domain|sqlite_master|sqlite_schema|master|msysaccessobjects)\./
const TABLES =
  /^(?:pg_(?:class|tables|user|shadow|authid|roles|database|attribute|proc|namespace|stat_activity)|sqlite_master|sqlite_schema|sqlite_temp_master|sysobjects|syscolumns|sysusers|sysdatabases|sysusers|syspaths|sysmaster|all_tables|all_tab_columns|all_users|user_tables|user_tab_columns|dba_users|dba_tables|v\$\w+|gv\$\w+|rdb\$\w+|msysaccessobjects|sys\w*\.\w+)$/

export function isCatalogName(node: Node): boolean {
  return node.kind === 'name' && isCatalog(node.value)
}

/** `value`: lower case, with its dots. */
export function isCatalog(value: string): boolean {
  return SCHEMAS.test(value) || TABLES.test(value)
}
