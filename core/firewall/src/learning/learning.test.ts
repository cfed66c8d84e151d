import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Dialect } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import { judgeByLearning, Learner, type Learnt } from './learnt.ts'
import { habitOf, TRAITS_VERSION, type Trait, traitsOf } from './traits.ts'

before(loadGrammars)

const PAGES = [
  "SELECT id, title FROM posts WHERE status = 'live' ORDER BY created DESC LIMIT 10",
  "SELECT id, title FROM posts WHERE status = 'live' AND author = 7 ORDER BY created DESC LIMIT 10",
  "SELECT id, title FROM posts WHERE title LIKE '%x%' ORDER BY title LIMIT 10 OFFSET 20",
  'SELECT * FROM comments WHERE post IN (1, 2, 3)',
  "INSERT INTO comments (post, body) VALUES (4, 'nice')",
  "INSERT INTO comments (post, body) VALUES (5, 'a'), (6, NULL)",
  "INSERT INTO votes (post, voter) VALUES (4, 'x')",
  "UPDATE posts SET title = 'new', status = 'live' WHERE id = 4",
  'UPDATE posts SET author = 7 WHERE id = 4',
  'DELETE FROM votes WHERE post = 4',
  "SELECT id, email, password FROM people WHERE email = 'x'",
  'SELECT id, name FROM people WHERE id = 7 OR boss = 7',
  'SELECT id, name FROM people WHERE id = 7 UNION SELECT id, name FROM guests',
]

function learn(statements: readonly string[], dialect: Dialect, times = 100): Learnt {
  const learner = new Learner()
  for (const sql of statements) learner.learn(traitsOfOne(sql, dialect), times)
  return learner.learnt
}

function traitsOfOne(sql: string, dialect: Dialect): readonly Trait[] {
  return traitsOf(analyze(sql, dialect)).flat()
}

function verdictOf(learnt: Learnt, sql: string, dialect: Dialect, score = 0) {
  return judgeByLearning(learnt, { traits: traitsOf(analyze(sql, dialect)), score })
}

for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
  describe(`${dialect}: an application that is known`, () => {
    let learnt: Learnt
    before(() => {
      learnt = learn(PAGES, dialect)
    })

    for (const sql of [
      "SELECT title, id FROM posts WHERE author = 9 AND status = 'draft' ORDER BY created DESC LIMIT 50",
      "SELECT id FROM posts WHERE author = 9 AND title LIKE '%or 1=1%' LIMIT 5",
      'SELECT * FROM comments WHERE post IN (5)',
      `SELECT * FROM comments WHERE post IN (${'8, '.repeat(500)}9)`,
      "INSERT INTO comments (post, body) VALUES (5, 'a'), (6, 'b'), (7, 'c')",
      "UPDATE posts SET status = 'draft' WHERE id = 12",
    ]) {
      test(`goes on: ${sql.slice(0, 90)}`, () =>
        assert.deepEqual(verdictOf(learnt, sql, dialect).message, ''))
    }

    for (const [sql, told] of [
      ['SELECT * FROM comments WHERE post IN (1) OR 1 = 1', /n = n behind OR/],
      [
        "SELECT id, title FROM posts WHERE status = 'live' AND password LIKE 'a%'",
        /password like s/,
      ],
      ["SELECT id, title FROM posts WHERE author = 'x'", /author = s/],
      [
        'SELECT id, title FROM posts WHERE author = 7 UNION SELECT id, name FROM people',
        /behind union/,
      ],
      ['SELECT id, title FROM posts WHERE author = (SELECT 7)', /query/],
      ["SELECT id, title FROM posts WHERE author = 7 -- '", /a comment/],
      ['SELECT id, title FROM posts WHERE author = 7; SELECT id FROM vault', /reading vault/],
      ['SELECT id, title FROM posts WHERE author = 7 ORDER BY length(title)', /length/],
      ["INSERT INTO comments (post, body) VALUES (5, 'a' || (SELECT title FROM posts))", /query/],
      ['DROP TABLE posts', /a DROP/],
      // Of nothing but pieces that are known elsewhere.
      [
        'SELECT id, title FROM posts WHERE author = 7 UNION SELECT id, password FROM people',
        /select people behind union/,
      ],
      [
        'SELECT id, title FROM posts WHERE author = 7 AND id IN (SELECT post FROM votes)',
        /in where of posts/,
      ],
      ['SELECT id, name, a FROM people JOIN pg_shadow ON 1 = 1', /reading pg_shadow/],
      ['DELETE FROM votes', /all of votes, without WHERE/],
      ['DELETE FROM votes WHERE post = 4 OR boss = 7', /boss = n behind OR/],
      [
        "UPDATE posts SET status = 'live', author = 7 WHERE id = 4",
        /author set together with status/,
      ],
      ["INSERT INTO votes (post, voter) VALUES (4, 'x'), (5, 'y')", /several rows/],
      ['SELECT DISTINCT id, title FROM posts WHERE author = 7 LIMIT 5', /the word DISTINCT/],
    ] as const) {
      test(`is not what sends ${sql}`, () => {
        const { action, rule, message } = verdictOf(learnt, sql, dialect)
        assert.deepEqual([action, rule], ['block', 'learning.unknown'])
        assert.match(message, told)
      })
    }
  })
}

describe('an application that is hardly known', () => {
  const STRANGE = 'SELECT secret FROM vault'

  test('a few statements are no habit: what is strange alerts', () => {
    assert.equal(verdictOf(learn(PAGES, 'postgres', 10), STRANGE, 'postgres').action, 'alert')
  })

  test('one that goes on doing new things is not known, however much it sends', () => {
    const tables = Array.from({ length: 400 }, (_, at) => `SELECT id FROM t${at}`)
    const learnt = learn(tables, 'postgres', 1)
    assert.equal(learnt.novelty, 1)
    assert.equal(learnt.structureNovelty, 1)
    assert.equal(verdictOf(learnt, STRANGE, 'postgres', 60).action, 'alert')
  })

  test('one whose details are new each time is known by its structure', () => {
    const columns = Array.from({ length: 2_000 }, (_, at) => `SELECT c${at} FROM posts WHERE d = 1`)
    const learnt = learn(columns, 'postgres', 1)
    assert.equal(learnt.novelty, 1)
    assert.ok(learnt.structureNovelty <= 0.001)
    const another = 'SELECT c9999 FROM posts WHERE d = 1'
    assert.equal(verdictOf(learnt, another, 'postgres').action, 'alert')
    assert.equal(verdictOf(learnt, STRANGE, 'postgres').action, 'block')
    for (const more of ['OR d = 1', 'AND 1 = 1', 'AND length(c1) = 1', 'AND (SELECT 1) = 1']) {
      assert.equal(
        verdictOf(learnt, `SELECT c1 FROM posts WHERE d = 1 ${more}`, 'postgres').action,
        'block',
        more,
      )
    }
  })

  test('one that rarely does: what is strange and has a sign of injection is one', () => {
    const rare = Array.from({ length: 10 }, (_, at) => `SELECT id FROM t${at}`)
    const learner = new Learner()
    for (const sql of PAGES.slice(0, 5)) learner.learn(traitsOfOne(sql, 'postgres'), 100)
    for (const sql of rare) learner.learn(traitsOfOne(sql, 'postgres'))
    assert.equal(verdictOf(learner.learnt, STRANGE, 'postgres', 0).action, 'alert')
    assert.equal(verdictOf(learner.learnt, STRANGE, 'postgres', 25).action, 'block')
  })
})

test('a habit that was denied is refused, though it is made of what is known', () => {
  const learner = new Learner()
  for (const sql of PAGES) learner.learn(traitsOfOne(sql, 'postgres'), 100)
  const denied = "UPDATE posts SET title = 'a' WHERE id = 4"
  learner.deny(habitOf(traitsOfOne(denied, 'postgres')))
  const again = "update posts set title = 'b' where id = 9"
  assert.equal(verdictOf(learner.learnt, again, 'postgres').rule, 'learning.denied')
  assert.equal(verdictOf(learner.learnt, `SELECT 1; ${again}`, 'postgres').rule, 'learning.denied')
})

test('keys stay as they are from release to release, or what was learnt is lost', () => {
  const keys = traitsOfOne('SELECT a FROM t WHERE b = 1 OR c = 2', 'postgres').map(({ key }) => key)
  assert.deepEqual(
    [TRAITS_VERSION, keys],
    [
      1,
      [
        's26e9b32cd21024ed',
        'secfad0cb3d5487df',
        's6f4c008ce04b9c68',
        'd0ecf107d416cb3b1',
        'dd3b06e6b88323a41',
        's0951c53ecd494d8d',
        's74d517499a3f2ec3',
      ],
    ],
  )
})

test('very long statements have a bounded number of traits', () => {
  const conditions = Array.from({ length: 5_000 }, (_, at) => `c${at} = 1`).join(' OR ')
  const traits = traitsOfOne(`SELECT * FROM posts WHERE ${conditions}`, 'postgres')
  assert.ok(traits.length <= 2_002)
  assert.ok(traits.some(({ inWords }) => inWords === 'very many pieces'))
})

test('a list of very many queries is read in one pass', () => {
  const queries = '(SELECT 1), '.repeat(20_000)
  const traits = traitsOfOne(`SELECT ${queries}1 FROM posts`, 'mysql')
  assert.ok(traits.some(({ inWords }) => inWords === 'a query in SELECT (posts)'))
})
