import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeApi } from '@articdbm/manager/openapi'
import { ApiDocument, object, resolved } from './document.ts'

describe('the OpenAPI document', async () => {
  const document = new ApiDocument(JSON.parse(JSON.stringify(await describeApi())))

  test('is of version 3.1 and says the product version', () => {
    assert.equal(document.json.openapi, '3.1.0')
    assert.match(String(object(document.json.info).version), /^v\d+\.\d+\.\d+/)
  })

  test('refers to nothing that it does not hold', () => {
    assert.ok(resolved(object(document.json.paths), document.json))
  })

  test('gives each operation an id of its own, an access and a summary', () => {
    const ids = document.operations.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    for (const { id, access, method, path } of document.operations) {
      assert.match(id, /^[a-z][A-Za-z]+$/)
      assert.notEqual(access, 'open', `${method} ${path} says who may`)
    }
  })

  test('declares every parameter of every path', () => {
    for (const { method, path } of document.operations) {
      const operation = object(object(object(document.json.paths)[path])[method.toLowerCase()])
      const declared = (operation.parameters ?? []) as { in: string; name: string }[]
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
        assert.ok(
          declared.some((p) => p.in === 'path' && p.name === name),
          `${path} declares ${name}`,
        )
      }
    }
  })

  test('tells of the problems that every route can have', () => {
    for (const { method, path, access } of document.operations) {
      if (!path.startsWith('/api/v1/')) continue
      const operation = object(object(object(document.json.paths)[path])[method.toLowerCase()])
      const statuses = Object.keys(object(operation.responses))
      const expected = access === 'anonymous' ? ['429', '500'] : ['401', '403', '429', '500']
      for (const status of expected) assert.ok(statuses.includes(status), `${path} ${status}`)
    }
  })
})
