import { testCases } from './cases.fixture.ts'

testCases(
  'SELECT: every table it names is read',
  `
    select 1 => select · read
    values (1), (2) => values · read
    select * from orders => select · read · r:orders
    SELECT * FROM Main."Orders" AS [o] => select · read · r:main.orders
    select o.*, 'x' as 'alias', count(*) from orders o, customers as c where o.id = c.id => select · read · r:customers r:orders · count:safe
    select * from 'orders' => select · read · r:orders
    select * from [order lines], \`back\`\`tick\` => select · read · r:back\`tick r:order lines
    select 'orders'.id from orders => select · read · r:orders
    select * from a natural left outer join b cross join c inner join d using (x, y) full join e on e.x = d.x => select · read · r:a r:b r:c r:d r:e
    select * from (orders join customers on 1) => select · read · r:customers r:orders
    select * from (select * from (select * from orders)) s => select · read · r:orders
    select (select max(id) from a), exists (select 1 from b), 1 in (select x from c), not exists (values (1)) => select · read · r:a r:b r:c · max:safe
    select 1 from a where x in secrets => select · read · r:a r:secrets
    select 1 from a where (x, y) not in main.secrets and z in () => select · read · r:a r:main.secrets
    select 1 from a where x in json_each('[1]') => select · read · r:a · json_each:safe
    select * from orders indexed by ix where id not null => select · read · r:orders
    select * from orders o not indexed => select · read · r:orders
    select * from a union all select * from b intersect select * from c except values (1) => select · read · r:a r:b r:c
    select distinct a, b from t group by a having count(*) > 1 order by a desc nulls last, 2 limit 10 offset 5 => select · read · r:t · count:safe
    select a from t limit 5, 10 => select · read · r:t
    select case a when 1 then 'x' else y end, case when a then b end from t => select · read · r:t
    select cast(a as decimal(10, 2)), cast(b as), a collate nocase from t => select · read · r:t
    select a between 1 and 2 and b not between 3 and 4, a is not distinct from b, a is null, b isnull, c notnull from t => select · read · r:t
    select a like 'x%' escape '\\', b not glob '*', c match 'd', not a = -b + ~c from t => select · read · r:t
    select a regexp 'x' from t => select · read · r:t · regexp:unknown
    select a -> '$.b' ->> 'c' || 'd' << 2 >> 1 & 3 | 4 from t => select · read · r:t
    select sum(a) filter (where a > 1) over (partition by b order by c rows between unbounded preceding and 1 following exclude ties) from t => select · read · r:t · sum:safe
    select rank() over w, lag(a, 1) over (w groups current row) from t window w as (partition by b), v as (order by c) => select · read · r:t · rank:safe lag:safe
    select group_concat(distinct a order by b desc), string_agg(a, ',') from t => select · read · r:t · group_concat:safe string_agg:safe
    select total(a) over from t => select · read · r:t · total:safe
    select filter, over, window, key, replace, left from t as left => select · read · r:t
    select current_timestamp, current_date, true, null, x'00ff', 0xff, 1_000, .5, 1e-3 => select · read
    select :a, @b, $c, $c::d(e), ?, ?3 => select · read
    select (1, 2) = (3, 4) => select · read
    select date('now'), upper(x), json_extract(y, '$.a'), last_insert_rowid() from t => select · read · r:t · date:safe upper:safe json_extract:safe last_insert_rowid:safe
    select * from json_each('[1]') j, json_tree(j.value) t => select · read · - · json_each:safe json_tree:safe
    select * from t, generate_series(1, 10) => select · read · r:t · generate_series:safe
    select main.t.id from main.t => select · read · r:main.t
    select 1 as values1, 2 b, 3 "c d", 4 'e' from t => select · read · r:t
`,
)

testCases(
  'WITH: its names hide tables where SQLite hides them, and nowhere else',
  `
    with a as (select * from t) select * from a => select · read · r:t
    with a(x, y) as materialized (select 1, 2), b as not materialized (select * from a) select * from b, c => select · read · r:c
    with recursive n(i) as (select 1 union all select i + 1 from n where i < (select max(x) from m)) select * from n => select · read · r:m · max:safe
    with a as (select * from b), b as (select 5) select * from a => select · read
    with a as (select * from a2), b as (with a as (select * from inner_t) select * from a) select * from b => select · read · r:a2 r:inner_t
    select * from (with orders as (select * from x) select * from orders), orders => select · read · r:orders r:x
    with orders as (select 1) select * from main.orders => select · read · r:main.orders
    with Secrets as (select 1) select * from SECRETS, [secrets] => select · read
    with a as (select 1) select 1 where 1 in a and 2 in b => select · read · r:b
    with x as (select 1) insert into x select * from x => insert · read write · w:x
    with x as (select 1) update x set a = (select * from x) from y where y.id in x => update · read write · r:y w:x
    with x as (select 1) delete from x where id in (select * from x) returning * => delete · read write · r:x w:x
    insert into t with x as (select * from y) select * from x => insert · read write · r:y w:t
`,
)

testCases(
  'functions: what is dangerous may touch anything, what is not known is said',
  `
    select load_extension('x') => select · define read write · w:* · load_extension:danger
    select "load_extension"('x'), [readfile]('y') => select · define read write · w:* · load_extension:danger readfile:danger
    select unheard_of(1) => select · read · - · unheard_of:unknown
    select fts3_tokenizer('simple'), sqlite_log(1, 'x'), rtreecheck('main', 'secrets') => select · define read write · w:* · fts3_tokenizer:danger sqlite_log:danger rtreecheck:danger
    select * from fsdir('/') => select · define read write · w:* · fsdir:danger
    select * from unheard_of(1) => select · read · - · unheard_of:unknown
    select * from sqlite_master => select · read · r:sqlite_master
    select highlight(docs, 0, '<b>', '</b>') from docs where docs match 'x' order by bm25(docs) => select · read · r:docs · highlight:safe bm25:safe
    select * from Ωmega, "Ärger", KELVIN => select · read · r:kelvin r:Ärger r:Ωmega
`,
)
