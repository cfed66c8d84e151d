import { testCases } from './cases.fixture.ts'

testCases(
  'transactions, EXPLAIN and administration',
  `
    begin => begin · control · - · - · begin false
    begin immediate transaction => begin · control · - · - · begin false
    begin exclusive transaction x => begin · control · - · - · begin false
    commit => commit · control · - · - · commit
    end transaction => commit · control · - · - · commit
    rollback => rollback · control · - · - · rollback
    rollback transaction to savepoint a => rollback · control · - · - · savepoint
    savepoint a => savepoint · control · - · - · savepoint
    release savepoint a => release · control · - · - · savepoint
    release a => release · control · - · - · savepoint
    explain select * from orders => explain · read · r:orders
    explain query plan delete from orders returning * => explain · read · r:orders
    explain begin => explain · read
    explain pragma user_version = 3 => explain · control define write · w:* · - · set global user_version 3
    attach database 'x.db' as y => attach · control define write · w:* · attach:danger
    attach 'x' || 'y' as z key 'k' => attach · control define write · w:* · attach:danger
    detach database y => detach · control define write · w:* · detach:danger
    vacuum => vacuum · control define write · w:*
    vacuum main into '/tmp/x' => vacuum · control define write · w:* · vacuum into:danger
    reindex => reindex · control define write · w:*
    reindex main.orders => reindex · control define write · w:*
    analyze => analyze · control define write · w:*
    analyze main.orders => analyze · control define write · w:*
`,
)

testCases(
  'PRAGMA: what it reads or sets',
  `
    pragma table_info(orders) => pragma · read · r:orders
    pragma main.table_xinfo = 'Orders' => pragma · read · r:main.orders
    pragma index_list("orders") => pragma · read · r:orders
    pragma foreign_key_list(orders) => pragma · read · r:orders
    pragma table_info => pragma · read · r:*
    pragma table_list => pragma · read · r:sqlite_schema
    pragma index_info(ix) => pragma · read · r:sqlite_schema
    pragma database_list => pragma · read · r:*
    pragma collation_list => pragma · read
    pragma function_list => pragma · read
    pragma compile_options => pragma · read
    pragma integrity_check => pragma · read · r:*
    pragma foreign_key_check(orders) => pragma · read · r:*
    pragma user_version => pragma · read
    pragma user_version = 7 => pragma · control define write · w:* · - · set global user_version 7
    pragma journal_mode => pragma · read
    pragma journal_mode = off => pragma · control define write · w:* · pragma journal_mode:danger
    pragma foreign_keys => pragma · read
    pragma foreign_keys = on => pragma · control · - · - · set session foreign_keys on
    pragma foreign_keys(0) => pragma · control define write · w:* · pragma foreign_keys:danger
    pragma cache_size = -2000 => pragma · control · - · - · set session cache_size -2000
    pragma busy_timeout(100) => pragma · control · - · - · set session busy_timeout 100
    pragma query_only = yes => pragma · control · - · - · set session query_only yes
    pragma case_sensitive_like = true => pragma · control · - · - · set session case_sensitive_like true
    pragma writable_schema = on => pragma · control define write · w:* · pragma writable_schema:danger
    pragma main.writable_schema(1) => pragma · control define write · w:* · pragma writable_schema:danger
    pragma trusted_schema = 1 => pragma · control define write · w:* · pragma trusted_schema:danger
    pragma temp_store_directory = '/tmp' => pragma · control define write · w:* · pragma temp_store_directory:danger
    pragma key = 'x' => pragma · control define write · w:* · pragma key:danger
    pragma unheard_of => pragma · define write · w:* · pragma unheard_of:danger
    pragma wal_checkpoint(truncate) => pragma · control define write · w:* · - · set global wal_checkpoint truncate
    pragma optimize => pragma · control define write · w:* · - · set global optimize 
    pragma shrink_memory => pragma · control
    pragma secure_delete = delete => pragma · control define write · w:* · pragma secure_delete:danger
    select * from pragma_table_info('orders') => select · read · r:orders · pragma_table_info:safe
    select * from pragma_table_info where arg = 'secrets' => select · read · r:* · pragma_table_info:safe
    select * from sqlite_schema, pragma_table_info(sqlite_schema.name) => select · read · r:* r:sqlite_schema · pragma_table_info:safe
    select * from pragma_user_version, pragma_function_list() => select · read · - · pragma_user_version:safe pragma_function_list:safe
    select * from pragma_unheard_of => select · read · - · pragma_unheard_of:unknown
`,
)
