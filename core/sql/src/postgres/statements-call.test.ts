import { testCases } from './summary.test.ts'

testCases(
  'a call',
  `
    select nextval('orders_id_seq') => select · read write · w:orders_id_seq · nextval:write
    select nextval('other.s'::regclass) => select · read write · w:other.s · nextval:write
    select nextval('"Other"."S"') => select · read write · w:Other.S · nextval:write
    select nextval('or' || 'ders') => select · read write · w:* · nextval:write
    select nextval('16384') => select · read write · w:* · nextval:write
    select currval('s'), lastval() => select · read write · w:s · currval:write lastval:write
    select setval('s', 1) => select · read write · w:s · setval:write
    select set_config('search_path', 'other', false) => select · control read · - · set_config:safe · set scope=session name=search_path value=other
    select set_config('Role', 'boss', true) => select · control read · - · set_config:safe · set scope=transaction name=role value=boss
    select set_config('ro' || 'le', 'boss', false) => select · control read write · - · set_config:write · set scope=session name=* value=boss
    select set_config(name, 'view', false) from pg_settings where name = 'restrict_nonsystem_relation_kind' => select · control read write · r:pg_settings · set_config:write · set scope=session name=restrict_nonsystem_relation_kind value=view
    select set_config(name, 'boss', false) from pg_settings where name = 'role' => select · control read write · r:pg_settings · set_config:write · set scope=session name=* value=boss
    select set_config('roleplay'::varchar(4), 'boss', false) => select · control read write · - · set_config:write · set scope=session name=* value=boss
    select set_config('role'::text, x, false) from orders => select · control read · r:orders · set_config:safe · set scope=session name=role value=undefined
    select pg_notify('c', 'x') => select · read write · - · pg_notify:write
    select pg_advisory_lock(1) => select · read write · - · pg_advisory_lock:write · pin reason=advisory lock
    select pg_try_advisory_lock(1) => select · read write · - · pg_try_advisory_lock:write · pin reason=advisory lock
    select pg_advisory_unlock_all() => select · read · - · pg_advisory_unlock_all:safe
    select pg_advisory_xact_lock(1) => select · read write · - · pg_advisory_xact_lock:write
    select pg_sleep(10) => select · read · - · pg_sleep:danger
    select pg_read_file('/etc/passwd') => select · read · - · pg_read_file:danger
    select * from pg_ls_dir('/') => select · read · - · pg_ls_dir:danger
    select lo_import('/etc/passwd'), lo_export(1, '/tmp/x') => select · read · - · lo_import:danger lo_export:danger
    select lo_get(1), loread(1, 2) => select · read write · r:* · lo_get:write loread:write
    select lo_open(1, 2), lowrite(0, 'x') => select · read write · r:* · lo_open:write lowrite:write
    select lo_put(1, 0, 'x'), lo_truncate(0, 1), lo_unlink(1) => select · read write · - · lo_put:write lo_truncate:write lo_unlink:write
    select pg_catalog.loread($1, $2) => select · read write · r:* · pg_catalog.loread:write
    select lo_create(0), lo_from_bytea(0, 'x') => select · read write · - · lo_create:write lo_from_bytea:write
    select query_to_xml('select * from secrets', true, true, '') => select · read · - · query_to_xml:danger
    select pg_catalog.query_to_xml('select * from secrets', true, true, '') => select · read · - · pg_catalog.query_to_xml:danger
    select table_to_xml('secrets', true, true, ''), database_to_xml(true, true, '') => select · read · - · table_to_xml:danger database_to_xml:danger
    select * from ts_stat('select v from secrets') => select · read · - · ts_stat:danger
    select ts_rewrite('a'::tsquery, 'select a, b from secrets') => select · read · - · ts_rewrite:danger
    select * from dblink('dbname=shop', 'select * from secrets') as t(a text) => select · read · - · dblink:danger
    select public.dblink_exec('x') => select · read · - · public.dblink_exec:danger
    select pg_terminate_backend(1), pg_cancel_backend(1) => select · read · - · pg_terminate_backend:danger pg_cancel_backend:danger
    select * from pg_stat_get_activity(null) => select · read · - · pg_stat_get_activity:danger
    select pg_reload_conf(), pg_switch_wal(), pg_export_snapshot() => select · read · - · pg_reload_conf:danger pg_switch_wal:danger pg_export_snapshot:danger
    select random(), clock_timestamp(), gen_random_uuid(), pg_backend_pid() => select · read · - · random:safe clock_timestamp:safe gen_random_uuid:safe pg_backend_pid:safe
    select setseed(0.5) => select · read write · - · setseed:write
    select txid_current() => select · read write · - · txid_current:write
    select mine(), pg_temp.mine(), other.mine() => select · read · - · mine:unknown pg_temp.mine:unknown other.mine:unknown
    select information_schema._pg_expandarray(array[1]) => select · read · - · information_schema._pg_expandarray:safe
    select int4('5'), regclass('orders'), date('2020-01-01') => select · read · - · int4:safe regclass:safe date:safe
`,
)
