import { testCases } from './summary.test.ts'

testCases(
  'the session',
  `
    begin => begin · control · - · - · begin isReadOnly=false
    begin read only => begin · control · - · - · begin isReadOnly=true
    begin isolation level serializable read write => begin · control · - · - · begin isReadOnly=false
    begin transaction read only deferrable => begin · control · - · - · begin isReadOnly=true
    start transaction => start transaction · control · - · - · begin isReadOnly=false
    start transaction isolation level repeatable read, read only => start transaction · control · - · - · begin isReadOnly=true
    commit => commit · control · - · - · commit
    commit and chain => commit · control · - · - · commit, begin isReadOnly=false
    end => commit · control · - · - · commit
    abort => rollback · control · - · - · rollback
    rollback => rollback · control · - · - · rollback
    rollback and no chain => rollback · control · - · - · rollback
    savepoint s => savepoint · control · - · - · savepoint
    release savepoint s => release savepoint · control · - · - · savepoint
    rollback to savepoint s => rollback to savepoint · control · - · - · savepoint
    set x.y = 'a' => set · control · - · - · set scope=session name=x.y value=a
    set search_path = other, public => set · control · - · - · set scope=session name=search_path value=other, public
    set search_path to 'Other', "a, b" => set · control · - · - · set scope=session name=search_path value="Other", "a, b"
    set session statement_timeout = 100 => set · control · - · - · set scope=session name=statement_timeout value=100
    set local statement_timeout to '5s' => set · control · - · - · set scope=transaction name=statement_timeout value=5s
    set work_mem = default => set · control · - · - · set scope=session name=work_mem value=undefined
    set enable_seqscan = off => set · control · - · - · set scope=session name=enable_seqscan value=off
    set x = 1.5 => set · control · - · - · set scope=session name=x value=1.5
    set x = -1 => set · control · - · - · set scope=session name=x value=-1
    set timezone = 'UTC' => set · control · - · - · set scope=session name=timezone value=UTC
    set time zone local => set · control · - · - · set scope=session name=timezone value=undefined
    set time zone interval '1' hour to minute => set · control · - · - · set scope=session name=timezone value=undefined
    set names 'utf8' => set · control · - · - · set scope=session name=client_encoding value=utf8
    set schema 'other' => set · control · - · - · set scope=session name=search_path value=other
    set role boss => set · control · - · - · set scope=session name=role value=boss
    set role 'boss' => set · control · - · - · set scope=session name=role value=boss
    set role none => set · control · - · - · set scope=session name=role value=none
    set local role boss => set · control · - · - · set scope=transaction name=role value=boss
    set session authorization boss => set · control · - · - · set scope=session name=session_authorization value=boss
    set session authorization default => set · control · - · - · set scope=session name=session_authorization value=undefined
    set transaction read only => set · control · - · - · set scope=transaction name=transaction_read_only value=1
    set transaction isolation level serializable, deferrable => set · control · - · - · set scope=transaction name=transaction_isolation value=serializable, set scope=transaction name=transaction_deferrable value=1
    set session characteristics as transaction read only => set · control · - · - · set scope=session name=default_transaction_read_only value=1
    set transaction snapshot 'x' => set · control · - · - · set scope=transaction name=transaction_snapshot value=x
    set constraints all deferred => set constraints · control · - · - · set scope=transaction name=constraints value=undefined
    set constraints a.b immediate => set constraints · control · - · - · set scope=transaction name=constraints value=undefined
    set xml option document => set · control · - · - · set scope=session name=xmloption value=DOCUMENT
    set seed to 0.5 => set · control · - · - · set scope=session name=seed value=0.5
    reset x => reset · control · - · - · set scope=session name=x value=undefined
    reset all => reset · control · - · - · discard
    reset role => reset · control · - · - · set scope=session name=role value=undefined
    reset session authorization => reset · control · - · - · set scope=session name=session_authorization value=undefined
    reset time zone => reset · control · - · - · set scope=session name=timezone value=undefined
    show x => show · read
    show all => show · read
    show time zone => show · read
    discard all => discard · control · - · - · discard
    discard temp => discard · control · - · - · discard
    discard plans => discard · control · - · - · discard
    listen c => listen · control · - · - · pin reason=listen
    unlisten c => unlisten · control
    unlisten * => unlisten · control
    notify c => notify · control write
    notify c, 'x' => notify · control write
    declare c cursor for select * from orders => declare · control read · r:orders
    declare c binary no scroll cursor with hold for select * from orders => declare · control read · r:orders · - · pin reason=cursor with hold
    declare c cursor for select * from orders for update => declare · control read write · r:orders w:orders
    fetch 10 from c => fetch · control
    fetch backward all in c => fetch · control
    move 5 from c => move · control
    close c => close · control
    close all => close · control
    prepare p as select * from orders => prepare · control read · r:orders · - · prepare name=p prepared=(select; read; r:orders)
    prepare p (int, varchar(5)) as delete from orders where id = $1 => prepare · control write · w:orders · - · prepare name=p prepared=(delete; write; w:orders)
    prepare "As" (text) as insert into orders values ($1) => prepare · control write · w:orders · - · prepare name=As prepared=(insert; write; w:orders)
    prepare p as select set_config('role', 'boss', false) => prepare · control · - · set_config:safe · prepare name=p prepared=(select; control read; set_config:safe; set scope=session name=role value=boss)
    execute p => execute · control · - · - · execute name=p
    execute p(1, lower('A')) => execute · control · - · lower:safe · execute name=p
    deallocate p => deallocate · control · - · - · deallocate name=p
    deallocate prepare p => deallocate · control · - · - · deallocate name=p
    deallocate all => deallocate · control · - · - · deallocate name=undefined
`,
)
