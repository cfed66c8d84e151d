// Which relations belong to the database system, and which of those drivers and tools may read.
import type { Dialect } from '@articdbm/contract'
import type { Relation } from '@articdbm/sql'

/** `any`: opaque. `catalog`: harmless to read, closed to writing. `secret`: holds secrets or other people's data. */
export type RelationClass = 'any' | 'catalog' | 'secret' | 'table'

export function classifyRelation(dialect: Dialect, relation: Relation): RelationClass {
  if (relation.name === '*') return 'any'
  switch (dialect) {
    case 'postgres':
      return classifyPostgres(relation)
    case 'mysql':
      return classifyMysql(relation)
    case 'sqlite':
      return classifySqlite(relation)
  }
}

// pg_catalog is searched first, so an unqualified pg_… is the catalog's (PostgreSQL manual 5.9.5).
function classifyPostgres({ schema, name }: Relation): RelationClass {
  if (schema === 'information_schema') return 'catalog'
  const isCatalog = schema === 'pg_catalog' || (schema === undefined && name.startsWith('pg_'))
  if (isCatalog) return POSTGRES_CATALOG.has(name) ? 'catalog' : 'secret'
  return schema === 'pg_toast' ? 'secret' : 'table'
}

function classifyMysql({ schema, name }: Relation): RelationClass {
  const folded = schema?.toLowerCase()
  if (folded === 'information_schema') {
    return MYSQL_SECRETS.has(name.toLowerCase()) ? 'secret' : 'catalog'
  }
  return folded !== undefined && MYSQL_SYSTEM.has(folded) ? 'secret' : 'table'
}

function classifySqlite({ name }: Relation): RelationClass {
  if (SQLITE_CATALOG.has(name)) return 'catalog'
  return name.startsWith('sqlite_') ? 'secret' : 'table'
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const POSTGRES_CATALOG = words(`
  pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_available_extension_versions
  pg_available_extensions pg_cast pg_class pg_collation pg_constraint pg_conversion pg_database pg_db_role_setting pg_default_acl
  pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_index
  pg_indexes pg_inherits pg_init_privs pg_language pg_largeobject_metadata pg_matviews pg_namespace pg_opclass
  pg_operator pg_opfamily pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_proc pg_publication pg_publication_namespace
  pg_publication_rel pg_publication_tables pg_range pg_replication_origin pg_rewrite pg_roles pg_rules pg_seclabel
  pg_seclabels pg_sequence pg_sequences pg_settings pg_shdepend pg_shdescription pg_shseclabel pg_stat_all_indexes
  pg_stat_all_tables pg_stat_database pg_stat_sys_tables pg_stat_user_indexes pg_stat_user_tables
  pg_statio_all_tables pg_statio_user_tables pg_statistic_ext pg_subscription_rel pg_tables pg_tablespace
  pg_timezone_abbrevs pg_timezone_names pg_transform pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict
  pg_ts_parser pg_ts_template pg_type pg_views`)

const MYSQL_SYSTEM = words('mysql performance_schema sys')

// Other people's statements, accounts, and the values of other tables (histograms, buffers).
const MYSQL_SECRETS = words(`
  processlist user_privileges user_attributes column_statistics client_statistics user_statistics innodb_trx
  innodb_locks innodb_lock_waits innodb_buffer_page innodb_buffer_page_lru innodb_ft_index_table
  innodb_ft_index_cache innodb_ft_deleted innodb_ft_being_deleted innodb_ft_default_stopword innodb_ft_config
  profiling optimizer_trace query_response_time wsrep_membership wsrep_status user_variables`)

const SQLITE_CATALOG = words(`
  sqlite_master sqlite_schema sqlite_temp_master sqlite_temp_schema sqlite_sequence`)
